import type { FleetOutcome } from "../simulation/simulated-fleet";
import type { SoakResult } from "./soak";
import { SECRET } from "./fault-trial";
import type { Survivals, Tried } from "./sections";

/** A line of the table: what was tried, and whether that is enough. */
export interface Row {
  readonly what: string;
  readonly aim: string;
  readonly result: string;
  readonly isMet: boolean;
}

export function summary(rows: readonly Row[]): string {
  return `## In short

| tried | aim | result | |
| --- | --- | --- | --- |
${rows.map(({ what, aim, result, isMet }) => `| ${what} | ${aim} | ${result} | ${isMet ? "met" : "**not met**"} |`).join("\n")}

The limit is tried in virtual time, each change taking 3 to 5 minutes. In the soak one provider changes ten services one after the other, on a
fast clock, over real HTTP, while one in five requests goes wrong; the heap is measured after a collection, in the second and in
the last quarter of the time.`;
}

export function faultRow(all: readonly Tried[]): Row {
  const survived = all.filter(({ outcome }) => outcome.broken.length === 0).length;
  const result = `${all.length} tried, ${survived} survived`;
  return {
    what: "faults at a request",
    aim: "300 or more, all",
    result,
    isMet: all.length >= 300 && survived === all.length,
  };
}

export function crashRow(what: string, all: Survivals): Row {
  const survived = [...all.values()].filter((broken) => broken.length === 0).length;
  return {
    what,
    aim: "all",
    result: `${all.size} tried, ${survived} survived`,
    isMet: survived === all.size,
  };
}

export function refusalRow(all: readonly (readonly string[])[]): Row {
  const refused = all.filter((broken) => broken.length === 0).length;
  const result = `${all.length} tried, ${refused} refused`;
  return {
    what: "bad inputs, in the preview",
    aim: "200 or more, all",
    result,
    isMet: all.length >= 200 && refused === all.length,
  };
}

export function secretRow(all: readonly Tried[]): Row {
  const found = all.filter(({ outcome }) => outcome.broken.includes(SECRET)).length;
  const result = `${found} in ${all.length} trials`;
  return { what: "secrets in messages, errors, rows and state", aim: "0", result, isMet: found === 0 };
}

export function limitRow(what: string, { refused, requests, failed }: FleetOutcome, aim: number): Row {
  const refusedShare = refused / requests;
  const result = `${percent(refusedShare)} of ${requests} requests answered 429, ${failed} changes failed`;
  return { what, aim: `under ${percent(aim)}`, result, isMet: refusedShare < aim && failed === 0 };
}

export function soakRow(soak: SoakResult): Row {
  const { minutes, changes, requests, misfortunes, virtualDays, broken, earlyHeapMb, lateHeapMb } = soak;
  const result =
    `${changes} changes in ${virtualDays.toFixed(0)} days of its clock, ${requests} requests, ${misfortunes} of them spoilt, ` +
    `${broken.length} changes lost; heap ${earlyHeapMb.toFixed(1)} MB, then ${lateHeapMb.toFixed(1)} MB`;
  const isFlat = lateHeapMb < earlyHeapMb * 1.05;
  return {
    what: `${minutes} minutes of changes`,
    aim: "30 minutes, none lost, memory flat",
    result,
    isMet: minutes >= 30 && broken.length === 0 && isFlat,
  };
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}
