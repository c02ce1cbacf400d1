import type { PreviousDecision } from "../../sizing";
import type { PartialState } from "../state/stored-state";

/** What one `pulumi` command declares, as far as this process has been asked about it. */
export class RunRegistry {
  private readonly urnByService = new Map<string, string>();
  private readonly serviceByUrn = new Map<string, string>();
  private readonly handedOver = new Map<string, PartialState>();
  private readonly decisions = new Map<string, PreviousDecision>();
  private readonly expected = new Set<string>();

  /** Notes that a resource declares a service; the other resource's URN where one does already. */
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

  /** Keeps what a replaced resource knew, for the one that takes its place. */
  handOver(state: PartialState): void {
    this.handedOver.set(state.serviceId, state);
  }

  takeOver(serviceId: string): PartialState | undefined {
    const state = this.handedOver.get(serviceId);
    this.handedOver.delete(serviceId);
    return state;
  }

  /** What an earlier decision on a service came to; kept for the rest of the run, where only the first question knows it. */
  rememberDecision(serviceId: string, before: PreviousDecision | undefined): PreviousDecision | undefined {
    if (before !== undefined) this.decisions.set(serviceId, before);
    return before ?? this.decisions.get(serviceId);
  }

  /** A resource will be created or updated in this run, as soon as Pulumi has a slot for it. */
  expectOperation(urn: string): void {
    this.expected.add(urn);
  }

  startOperation(urn: string): void {
    this.expected.delete(urn);
  }

  /** For a status line: empty unless resources of this run wait for those that run now. */
  get slotHint(): string {
    const waiting = this.expected.size;
    if (waiting === 0) return "";
    return `; ${waiting} more ${waiting === 1 ? "waits" : "wait"} for a slot of Pulumi's (PULUMI_PARALLEL sets how many)`;
  }
}
