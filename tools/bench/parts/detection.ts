import { type DetectionRow, detectionRows } from "../detection-lag";
import type { Part } from "../part";
import { percentOf, seconds, table } from "../text";

const OURS = "ours";

/** Those that know no more than we do. */
const RIVALS = ["fixed", "fixedLimited", "terraform"];

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
        const best = Math.min(...rivals.map(({ meanEndS }) => meanEndS));
        return {
          what: `mean time until a service's wait has ended, ${own.services} at once`,
          aim: "less than a loop of 10 s, within the limit or not, and Terraform's schedule",
          result: `${seconds(1_000 * own.meanEndS)}; the best of them ${seconds(1_000 * best)}`,
          isMet: own.meanEndS < best,
          reason:
            "a loop that sends more than the limit does not read a second time to confirm, which takes 1 s of ours",
        };
      }),
  section: (rows) =>
    [
      table(
        [
          "services",
          "scheduler",
          "mean lag",
          "99th percentile",
          "mean end",
          "all done",
          "requests",
          "429",
          "given up",
        ],
        rows.map((row) => [
          row.services,
          row.name,
          seconds(1_000 * row.meanLagS),
          seconds(1_000 * row.p99LagS),
          seconds(1_000 * row.meanEndS),
          seconds(1_000 * row.wallS),
          row.requests.toFixed(0),
          percentOf(row.refusedShare),
          row.unseen.toFixed(1),
        ]),
      ),
      "The lag alone flatters a scheduler whose reads keep changes from being sent: an arrival is noticed soon that comes very late. The mean end, " +
        "from the beginning of the run until a service's wait has ended, counts both. Lags and times leave out what was given up.",
    ].join("\n\n"),
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
