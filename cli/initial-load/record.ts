import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { z } from "zod";

const run = z.object({
  urn: z.string(),
  name: z.string(),
  cores: z.number(),
  steadyCores: z.number(),
  from: z.coerce.date(),
  /** When ClickHouse's hours began. */
  hoursFrom: z.coerce.date(),
  /** When it was last seen to run. */
  seenAt: z.coerce.date(),
  /** Absent while it runs. */
  to: z.coerce.date().optional(),
  /** Whether its end was watched; else it ended some time after it was last seen. */
  isEndSeen: z.boolean(),
});

export type BurstRun = z.infer<typeof run>;

/** A settle that is started again this soon after it was killed has missed nothing that counts. */
const SEEN_OF_LATE_MS = 15 * 60_000;

/** How exact it has to be when a burst was last seen. */
const WRITE_EVERY_MS = 60_000;

/** A burst as it is seen now; `hoursFrom` where it is known. */
export type Seen = Pick<BurstRun, "urn" | "name" | "cores" | "steadyCores"> &
  Partial<Pick<BurstRun, "hoursFrom">>;

/** The bursts that are watched, in a file: a settle that was killed goes on where it was. */
export class BurstRecord {
  private readonly runs: BurstRun[];
  /** Those that this process has seen to run. */
  private readonly watched = new Set<BurstRun>();
  private writtenAt = new Date(0);

  constructor(private readonly file: string) {
    this.runs = readRuns(file);
  }

  get all(): readonly BurstRun[] {
    return this.runs;
  }

  /** Notes a burst that runs; one that began at another time is another one. */
  runsNow(seen: Seen, since: Date, now: Date): void {
    const known = this.runs.find(
      ({ urn, from, to }) => urn === seen.urn && to === undefined && from.getTime() === since.getTime(),
    );
    if (known === undefined) this.endRuns(({ urn }) => urn === seen.urn, now);
    const current = known ?? { ...seen, from: since, hoursFrom: since, seenAt: now, isEndSeen: false };
    if (known === undefined) this.runs.push(current);
    const isNews = known === undefined || now.getTime() - this.writtenAt.getTime() >= WRITE_EVERY_MS;
    Object.assign(current, seen, { seenAt: now });
    this.watched.add(current);
    if (isNews) this.write(now);
  }

  /** Notes the end of each burst that is none of those any more. */
  endOthers(urns: readonly string[], now: Date): void {
    if (this.endRuns(({ urn }) => !urns.includes(urn), now)) this.write(now);
  }

  /** Once all of it was told. */
  remove(): void {
    rmSync(this.file, { force: true });
  }

  /** What ended while nobody watched ended some time after it was last seen; an `up` that goes down takes a while. */
  private endRuns(isOver: (run: BurstRun) => boolean, now: Date): boolean {
    const ended = this.runs.filter((known) => known.to === undefined && isOver(known));
    for (const known of ended) {
      const isSeenOfLate = now.getTime() - known.seenAt.getTime() < SEEN_OF_LATE_MS;
      known.isEndSeen = this.watched.has(known) || isSeenOfLate;
      known.to = known.isEndSeen ? now : known.seenAt;
    }
    return ended.length > 0;
  }

  /** A bill is not worth a burst that runs on: where the file can't be written, the watch goes on without it. */
  private write(now: Date): void {
    this.writtenAt = now;
    const half = `${this.file}.${process.pid}`;
    try {
      mkdirSync(dirname(this.file), { recursive: true, mode: 0o700 });
      writeFileSync(half, JSON.stringify(this.runs), { mode: 0o600 });
      renameSync(half, this.file);
    } catch {
      // Nothing is lost but what the next settle would know of this one.
    }
  }
}

function readRuns(file: string): BurstRun[] {
  try {
    return run.array().parse(JSON.parse(readFileSync(file, "utf8")));
  } catch {
    return []; // none, or a damaged one: the bill then begins with what the state knows
  }
}
