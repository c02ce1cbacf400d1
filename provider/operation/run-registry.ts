import type { Before } from "../../sizing";
import type { Salvaged } from "../state/stored-state";

/** What one `pulumi` command declares, as far as this process has been asked about it. */
export class Run {
  private readonly urnByService = new Map<string, string>();
  private readonly serviceByUrn = new Map<string, string>();
  private readonly handedOver = new Map<string, Salvaged>();
  private readonly decided = new Map<string, Before>();
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

  declares(serviceId: string): boolean {
    return this.urnByService.has(serviceId);
  }

  /** Keeps what a replaced resource knew, for the one that takes its place. */
  handOver(state: Salvaged): void {
    this.handedOver.set(state.serviceId, state);
  }

  takeOver(serviceId: string): Salvaged | undefined {
    const state = this.handedOver.get(serviceId);
    this.handedOver.delete(serviceId);
    return state;
  }

  /** What an earlier decision on a service came to; kept for the rest of the run, where only the first question knows it. */
  decidedBefore(serviceId: string, before: Before | undefined): Before | undefined {
    if (before !== undefined) this.decided.set(serviceId, before);
    return before ?? this.decided.get(serviceId);
  }

  /** A resource will be created or updated in this run, as soon as Pulumi has a slot for it. */
  expect(urn: string): void {
    this.expected.add(urn);
  }

  begin(urn: string): void {
    this.expected.delete(urn);
  }

  /** For a status line: empty unless resources of this run wait for those that run now. */
  get slotHint(): string {
    const waiting = this.expected.size;
    if (waiting === 0) return "";
    return `; ${waiting} more ${waiting === 1 ? "waits" : "wait"} for a slot of Pulumi's (PULUMI_PARALLEL sets how many)`;
  }
}
