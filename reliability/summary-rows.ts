import type { FleetOutcome } from "../simulation/simulated-fleet";
import { NO_SECRET } from "./fault-trial";
import type { CrashResults, SummaryRow, TrialResult } from "./results";
import type { SoakResult } from "./soak";

export function summarizeFaults(all: readonly TrialResult[]): SummaryRow {
  const survived = all.filter(({ outcome }) => outcome.violations.length === 0).length;
  return {
    what: "faults at a request",
    target: "300 or more, all survived",
    result: `${all.length} run, ${survived} survived`,
    isMet: all.length >= 300 && survived === all.length,
  };
}

export function summarizeCrashes(what: string, all: CrashResults): SummaryRow {
  const survived = [...all.values()].filter((violations) => violations.length === 0).length;
  return {
    what,
    target: "all survived",
    result: `${all.size} run, ${survived} survived`,
    isMet: survived === all.size,
  };
}

export function summarizeRefusals(all: readonly (readonly string[])[]): SummaryRow {
  const rejected = all.filter((violations) => violations.length === 0).length;
  return {
    what: "invalid inputs in a preview",
    target: "200 or more, all rejected",
    result: `${all.length} run, ${rejected} rejected`,
    isMet: all.length >= 200 && rejected === all.length,
  };
}

export function summarizeSecrets(all: readonly TrialResult[]): SummaryRow {
  const found = all.filter(({ outcome }) => outcome.violations.includes(NO_SECRET)).length;
  return {
    what: "secrets in messages, errors, the log and the state",
    target: "0",
    result: `${found} in ${all.length} runs`,
    isMet: found === 0,
  };
}

export function summarizeFleet(what: string, fleet: FleetOutcome, maxRefusedShare: number): SummaryRow {
  const { refused, requests, failed } = fleet;
  const refusedShare = refused / requests;
  return {
    what,
    target: `under ${formatPercent(maxRefusedShare)} refused`,
    result: `${formatPercent(refusedShare)} of ${requests} requests refused (429), ${failed} changes failed`,
    isMet: refusedShare < maxRefusedShare && failed === 0,
  };
}

export function summarizeSoak(soak: SoakResult): SummaryRow {
  const { minutes, changes, requests, faultyRequests, virtualDays, violations, earlyHeapMb, lateHeapMb } =
    soak;
  return {
    what: `${minutes} minutes of changes`,
    target: "30 minutes, no change lost, stable memory",
    result:
      `${changes} changes in ${virtualDays.toFixed(0)} virtual days, ${requests} requests, ${faultyRequests} of them with a fault, ` +
      `${violations.length} changes lost; heap ${earlyHeapMb.toFixed(1)} MB, later ${lateHeapMb.toFixed(1)} MB`,
    isMet: minutes >= 30 && violations.length === 0 && lateHeapMb < earlyHeapMb * 1.05,
  };
}

function formatPercent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}
