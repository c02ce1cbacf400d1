import { type DetectionRow, detectionRows } from "../detection-lag";
import type { Part } from "../part";
import { percentOf, seconds, table, times } from "../text";

const OURS = "ours";
const RIVALS = ["fixed", "terraform"];

export const detection: Part<readonly DetectionRow[]> = {
  name: "detection",
  title: "How soon an arrival is noticed",
  how:
    "In virtual time, and the same on every machine: services are changed at once with one key, each change arrives after 3 to 5 minutes, and " +
    "the limit is 10 requests in any 10 s. Each scheduler meets the same arrivals. The lag is from a change's arrival until its wait has ended.",
  async measure(say) {
    const rows = await detectionRows();
    say(`${rows.length} fleets in virtual time`);
    return rows;
  },
  aims: (rows) =>
    rows
      .filter(({ scheduler, services }) => scheduler === OURS && services <= 100)
      .map((own) => {
        const rivals = rows.filter(
          ({ scheduler, services }) => services === own.services && RIVALS.includes(scheduler),
        );
        const best = Math.min(...rivals.map(({ meanLagS }) => meanLagS));
        return {
          what: `mean lag until an arrival is noticed, ${own.services} ${own.services === 1 ? "service" : "services"}`,
          aim: "less than a fixed loop and Terraform's schedule",
          result: `${own.meanLagS.toFixed(1)} s; the better of them ${best.toFixed(1)} s`,
          isMet: own.meanLagS < best,
        };
      }),
  section: (rows) =>
    table(
      [
        "services",
        "scheduler",
        "mean lag",
        "99th percentile",
        "requests",
        "429",
        "given up",
        "all done",
        "to its bound",
      ],
      rows.map((row) => [
        row.services,
        row.name,
        seconds(1_000 * row.meanLagS),
        seconds(1_000 * row.p99LagS),
        row.requests.toFixed(0),
        percentOf(row.refusedShare),
        row.unseen.toFixed(1),
        seconds(1_000 * row.wallS),
        times(row.wallS / row.boundS),
      ]),
    ),
  charts: (rows) => {
    const lines = (of: (row: DetectionRow) => number) =>
      [...new Set(rows.map(({ name }) => name))].map((name) => ({
        name,
        points: rows.filter((row) => row.name === name).map((row) => [row.services, of(row)] as const),
        isDashed: name !== rows.find(({ scheduler }) => scheduler === OURS)?.name,
      }));
    const x = "services";
    return [
      {
        file: "detection-mean",
        title: "Mean lag of detection",
        x,
        y: "seconds",
        lines: lines(({ meanLagS }) => meanLagS),
      },
      {
        file: "detection-p99",
        title: "99th percentile of the lag of detection",
        x,
        y: "seconds",
        lines: lines(({ p99LagS }) => p99LagS),
      },
    ];
  },
};
