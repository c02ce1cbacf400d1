import type { PreviousDecision } from "../../sizing";
import type { DbClickPipe } from "../cloud/pipes";
import type { PartialState } from "../state/stored-state";

/** What this process knows of the resources of one `pulumi` command. */
export class RunRegistry {
  private readonly urnByService = new Map<string, string>();
  private readonly serviceByUrn = new Map<string, string>();
  private readonly handedOver = new Map<string, PartialState>();
  private readonly decisions = new Map<string, PreviousDecision>();
  private readonly pipes = new Map<string, readonly DbClickPipe[]>();
  private readonly expected = new Set<string>();

  /** Records that a resource declares a service. Returns the URN of the other resource if one declares it already. */
  declare(serviceId: string, urn: string): string | undefined {
    const other = this.urnByService.get(serviceId);
    if (other !== undefined && other !== urn) return other;
    const before = this.serviceByUrn.get(urn);
    if (before !== undefined) this.urnByService.delete(before);
    this.urnByService.set(serviceId, urn);
    this.serviceByUrn.set(urn, serviceId);
    return undefined;
  }

  isDeclared(serviceId: string): boolean {
    return this.urnByService.has(serviceId);
  }

  /** Keeps the state of a replaced resource for its replacement. */
  handOver(state: PartialState): void {
    this.handedOver.set(state.serviceId, state);
  }

  takeOver(serviceId: string): PartialState | undefined {
    const state = this.handedOver.get(serviceId);
    this.handedOver.delete(serviceId);
    return state;
  }

  /** The earlier decision on a service, kept for the rest of the run, because only the first check of the run gets it. */
  rememberDecision(serviceId: string, before: PreviousDecision | undefined): PreviousDecision | undefined {
    if (before !== undefined) this.decisions.set(serviceId, before);
    return before ?? this.decisions.get(serviceId);
  }

  /** Keeps the database pipes of a service as check has read them, so that the update doesn't read them again. */
  rememberPipes(serviceId: string, pipes: readonly DbClickPipe[]): void {
    this.pipes.set(serviceId, pipes);
  }

  /** The pipes as this run has read them. Undefined if it has not. */
  getPipes(serviceId: string): readonly DbClickPipe[] | undefined {
    return this.pipes.get(serviceId);
  }

  /** Records that this run will create or update a resource when Pulumi has a slot for it. */
  expectOperation(urn: string): void {
    this.expected.add(urn);
  }

  startOperation(urn: string): void {
    this.expected.delete(urn);
  }

  /** Text for a status line. Empty unless resources of this run wait for a slot. */
  get slotHint(): string {
    const waiting = this.expected.size;
    if (waiting === 0) return "";
    return `; ${waiting} more ${waiting === 1 ? "waits" : "wait"} for a slot (PULUMI_PARALLEL sets how many)`;
  }
}
