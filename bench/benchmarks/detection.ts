import { type Band, BANDS, type Detection, measureDetection } from "../../simulation/measure-detection";
import type { Benchmark, Target } from "../benchmark";
import { formatTable } from "../format";

const CHANGES_PER_BAND = 1_000;

interface Row {
  readonly band: Band;
  readonly changes: number;
  readonly meanMs: number;
  readonly p99Ms: number;
  readonly mostReads: number;
  readonly meanReads: number;
}

export const detection: Benchmark<readonly Row[]> = {
  name: "detection",
  title: "Noticing a change of one service",
  method:
    `The real provider runs against the emulator in virtual time, ${CHANGES_PER_BAND} times in each band with a random convergence time out ` +
    "of it. The figures are the same on every machine. A change is noticed by the first read that shows it. The reads are those of the " +
    "first 5 minutes after the change was sent.",
  async measure(print) {
    const rows: Row[] = [];
    for (const band of BANDS) {
      const detections: Detection[] = [];
      for (let seed = 1; seed <= CHANGES_PER_BAND; seed++)
        detections.push(await measureDetection(seed, band));
      rows.push(summarizeBand(band, detections));
      print(`${formatBand(band)} in virtual time`);
    }
    return rows;
  },
  listTargets,
  render: (rows) =>
    formatTable(
      ["convergence", "changes", "noticed after, mean", "99 %", "reads in 5 min, mean", "at most"],
      rows.map(({ band, changes, meanMs, p99Ms, meanReads, mostReads }) => [
        formatBand(band),
        changes,
        formatTenths(meanMs),
        formatTenths(p99Ms),
        meanReads.toFixed(1),
        mostReads,
      ]),
    ),
};

function summarizeBand(band: Band, detections: readonly Detection[]): Row {
  const noticedMs = detections.map(({ noticedAfterMs }) => noticedAfterMs).sort((a, b) => a - b);
  const reads = detections.map(({ readsInFiveMinutes }) => readsInFiveMinutes);
  return {
    band,
    changes: detections.length,
    meanMs: computeMean(noticedMs),
    p99Ms: noticedMs[Math.ceil(noticedMs.length * 0.99) - 1] ?? NaN,
    meanReads: computeMean(reads),
    mostReads: Math.max(...reads),
  };
}

function computeMean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function formatBand([fromMs, toMs]: Band): string {
  return `${fromMs / 1_000} to ${toMs / 1_000} s`;
}

function formatTenths(ms: number): string {
  return `${(ms / 1_000).toFixed(1)} s`;
}

function listTargets(rows: readonly Row[]): Target[] {
  const means = rows.map(({ meanMs }) => meanMs);
  const p99s = rows.map(({ p99Ms }) => p99Ms);
  const most = Math.max(...rows.map(({ mostReads }) => mostReads));
  return [
    {
      what: "one service: a change is noticed on average, and in 99 of 100 cases",
      target: "within 3.5 s, within 7 s",
      result: `${means.map(formatTenths).join(", ")}; ${p99s.map(formatTenths).join(", ")}`,
      isMet: Math.max(...means) <= 3_500 && Math.max(...p99s) <= 7_000,
    },
    {
      what: "one service: reads in 5 min",
      target: "at most 60",
      result: String(most),
      isMet: most <= 60,
    },
  ];
}
