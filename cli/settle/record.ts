import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { z } from "zod";

const run = z.object({
  name: z.string(),
  cores: z.number(),
  steadyCores: z.number(),
  from: z.coerce.date(),
  hoursFrom: z.coerce.date(),
  /** Absent while it runs. */
  to: z.coerce.date().optional(),
});

const runs = z.record(z.string(), run);

export type RecordedRun = z.infer<typeof run>;

/** The bursts that are watched, by their URN, in a file: a settle that was killed goes on where it was. */
export class Record {
  private readonly runs: Map<string, RecordedRun>;

  constructor(private readonly file: string) {
    this.runs = new Map(Object.entries(readRuns(file)));
  }

  get all(): readonly RecordedRun[] {
    return [...this.runs.values()];
  }

  of(urn: string): RecordedRun | undefined {
    return this.runs.get(urn);
  }

  /** Notes a burst, unless it is noted already. */
  begin(urn: string, begun: RecordedRun): void {
    const known = this.runs.get(urn);
    if (known !== undefined && known.to === undefined && known.cores === begun.cores) return;
    this.runs.set(urn, begun);
    this.write();
  }

  /** Notes the end of each burst that is none of those any more. */
  endOthers(urns: readonly string[], to: Date): void {
    for (const [urn, known] of this.runs) {
      if (known.to === undefined && !urns.includes(urn)) this.runs.set(urn, { ...known, to });
    }
    this.write();
  }

  /** Once all of it was told. */
  remove(): void {
    rmSync(this.file, { force: true });
  }

  private write(): void {
    mkdirSync(dirname(this.file), { recursive: true, mode: 0o700 });
    const half = `${this.file}.${process.pid}`;
    writeFileSync(half, JSON.stringify(Object.fromEntries(this.runs)), { mode: 0o600 });
    renameSync(half, this.file);
  }
}

function readRuns(file: string): z.infer<typeof runs> {
  try {
    return runs.parse(JSON.parse(readFileSync(file, "utf8")));
  } catch {
    return {}; // none, or a damaged one: the bill then begins with what the state knows
  }
}
