import { lstatSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { fileNameFor, ownFolder } from "../own-files";
import type { Clock } from "../wait/clock";
import type { Demand, Neighbours, NeighboursOf } from "./neighbours";

/** Who has said nothing for so long wants nothing: what waits is sent, or said anew, much sooner. */
const HEARD_MS = 30_000;

/** In bytes: what is longer is nobody's count. */
const LONGEST_COUNT = 10;

/** By a folder for each key of an API, whose name tells nothing of the key. */
export function onThisMachine(clock: Clock): NeighboursOf {
  return (url, key) =>
    new FileNeighbours(join(ownFolder("limits"), fileNameFor(JSON.stringify([url.href, key.id]))), clock);
}

/** Neighbours as files of a folder of the user's own, one for each process. Where that can't be written, there are none. */
export class FileNeighbours implements Neighbours {
  readonly name: string;

  constructor(
    private readonly folder: string,
    private readonly clock: Clock,
    private readonly pid: number = process.pid,
  ) {
    this.name = `${hostname()}.${pid}`;
  }

  say(waiting: number): readonly Demand[] {
    const own = { name: this.name, waiting };
    try {
      mkdirSync(this.folder, { recursive: true, mode: 0o700 });
      writeFileSync(join(this.folder, this.name), String(waiting), { mode: 0o600 });
      return [own, ...readdirSync(this.folder).flatMap((name) => this.heard(name) ?? [])];
    } catch {
      return [own];
    }
  }

  /** What another process wants; its file goes with it. */
  private heard(name: string): Demand | undefined {
    if (name === this.name) return undefined;
    const file = join(this.folder, name);
    try {
      const found = lstatSync(file);
      // A time in the future, of a clock that was set back, would else count for ever.
      const isOver = this.hasEnded(name) || Math.abs(this.clock.date().getTime() - found.mtimeMs) > HEARD_MS;
      if (isOver) rmSync(file, { force: true });
      else if (found.isFile() && found.size <= LONGEST_COUNT)
        return { name, waiting: countIn(readFileSync(file, "utf8")) };
    } catch {
      // It went while we looked.
    }
    return undefined;
  }

  /** Whether a process of this machine is no more; of one in another container, which may share the folder, nothing is known. */
  private hasEnded(name: string): boolean {
    const end = name.lastIndexOf(".");
    if (name.slice(0, end) !== hostname()) return false;
    try {
      process.kill(Number(name.slice(end + 1)), 0);
      return false;
    } catch (error) {
      return (error as NodeJS.ErrnoException).code === "ESRCH";
    }
  }
}

function countIn(text: string): number {
  return /^\d+$/.test(text) ? Number(text) : 0;
}
