import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { fileNameFor } from "../own-files";
import type { Clock } from "../wait/clock";

const noteSchema = z.object({
  /** The process that showed it. */
  pid: z.number(),
  shownAt: z.iso.datetime(),
  phase: z.string(),
  cores: z.number(),
});

export type Note = z.infer<typeof noteSchema>;

/**
 * What a preview showed of a resource's phase, for the update after it: a process of its own, to which Pulumi hands nothing
 * over. The pipes may have gone on while somebody read the preview.
 */
export interface PreviewNotes {
  /** What another process showed of late. */
  shown(urn: string): Note | undefined;
  show(urn: string, phase: string, cores: number): void;
  forget(urn: string): void;
}

export const NO_NOTES: PreviewNotes = {
  shown: () => undefined,
  show: () => undefined,
  forget: () => undefined,
};

/** A preview that is older has been forgotten by those who read it, too. */
const KEPT_MS = 60 * 60_000;

/** Notes as files of a folder of the user's own. Where that can't be written, nothing is said, since nothing depends on it. */
export class FileNotes implements PreviewNotes {
  constructor(
    private readonly folder: string,
    private readonly clock: Clock,
    private readonly pid: number = process.pid,
  ) {}

  shown(urn: string): Note | undefined {
    const note = leniently(() => noteSchema.parse(JSON.parse(readFileSync(this.fileOf(urn), "utf8"))));
    if (note === undefined || note.pid === this.pid) return undefined;
    return this.isOld(new Date(note.shownAt)) ? undefined : note;
  }

  show(urn: string, phase: string, cores: number): void {
    const note: Note = { pid: this.pid, shownAt: this.clock.date().toISOString(), phase, cores };
    leniently(() => {
      mkdirSync(this.folder, { recursive: true, mode: 0o700 });
      this.removeOld();
      writeFileSync(this.fileOf(urn), JSON.stringify(note), { mode: 0o600 });
    });
  }

  forget(urn: string): void {
    leniently(() => rmSync(this.fileOf(urn), { force: true }));
  }

  private fileOf(urn: string): string {
    return join(this.folder, `${fileNameFor(urn)}.json`);
  }

  private removeOld(): void {
    for (const name of readdirSync(this.folder)) {
      const file = join(this.folder, name);
      if (this.isOld(statSync(file).mtime)) rmSync(file);
    }
  }

  private isOld(date: Date): boolean {
    return this.clock.date().getTime() - date.getTime() > KEPT_MS;
  }
}

function leniently<Result>(work: () => Result): Result | undefined {
  try {
    return work();
  } catch {
    return undefined;
  }
}
