import { clearScreenDown, moveCursor } from "node:readline";
import type { WriteStream } from "node:tty";
import type { Clock } from "../../provider/wait/clock";
import { formatDuration } from "../../provider/wait/duration";
import {
  selectPipes,
  computeCost,
  classifyLoad,
  formatUtcTime,
  formatUsd,
  isDocumented,
  PIPE_STATES,
} from "../../sizing";
import { REPEAT_MS, type ResourceStatus } from "./run";

/** Shows the state of all pipes: a terminal redraws it in place, a log gets the lines that changed. */
export class Display {
  private lineCount = 0;
  private readonly logged = new Map<string, { readonly state: string; readonly atMs: number }>();

  constructor(
    private readonly out: Pick<WriteStream, "write"> & {
      readonly isTTY?: boolean;
      readonly columns?: number;
    },
    private readonly clock: Clock,
    private readonly unitPrice: number | undefined,
  ) {}

  /** Prints text that stays. */
  print(text: string): void {
    this.clear();
    this.out.write(text.endsWith("\n") ? text : `${text}\n`);
  }

  show(statuses: readonly ResourceStatus[]): void {
    const lines = statuses.flatMap((status) => this.toLines(status));
    if (this.out.isTTY !== true) return this.log(lines);
    this.clear();
    const width = this.out.columns ?? 80;
    for (const line of lines) this.out.write(`${format(line).slice(0, width - 1)}\n`);
    this.lineCount = lines.length;
  }

  private log(lines: readonly Line[]): void {
    const nowMs = this.clock.nowMs();
    for (const line of lines) {
      const { key, state } = line;
      const last = this.logged.get(key);
      if (last?.state === state && nowMs - last.atMs < REPEAT_MS) continue;
      this.logged.set(key, { state, atMs: nowMs });
      this.out.write(`${format(line)}\n`);
    }
  }

  /** Removes the lines that `show` wrote last. */
  private clear(): void {
    if (this.lineCount === 0) return;
    moveCursor(this.out as WriteStream, 0, -this.lineCount);
    clearScreenDown(this.out as WriteStream);
    this.lineCount = 0;
  }

  private toLines({ resource, pipes }: ResourceStatus): Line[] {
    const { name, burst, burstSince, urn } = resource;
    const now = this.clock.date();
    const elapsed = formatDuration(now.getTime() - (burstSince ?? now).getTime());
    const perHour = formatUsd(computeCost(burst.cores, this.unitPrice).usdPerHour);
    const until = burst.endBy === undefined ? "" : `, until ${formatUtcTime(burst.endBy)} at the latest`;
    const toLine = (key: string, state: string, time = ""): Line => ({ key: `${urn} ${key}`, state, time });
    const size = toLine("", `${name}: ${burst.cores} cores at ${perHour}/h${until}`, elapsed);
    if ("unread" in pipes) return [size, toLine("unread", `  can't read the pipes (${pipes.unread})`)];
    const lines = selectPipes(pipes.db, burst).map(({ id, name: pipe, state, replicationMode }) =>
      toLine(
        id,
        `  ${pipe}: ${state}${explainUnclear(state, replicationMode)}`,
        classifyLoad(state, replicationMode) === "done" ? "" : elapsed,
      ),
    );
    const isWaiting =
      burst.startAhead === true &&
      !pipes.db.some(({ state, replicationMode }) => classifyLoad(state, replicationMode) === "loading");
    return [size, ...lines, ...(isWaiting ? [toLine("ahead", "  no pipe is in its initial load yet")] : [])];
  }
}

/** A pipe that may not be loading needs attention, because the burst costs money meanwhile. */
function explainUnclear(state: string, replicationMode: string | undefined): string {
  if (classifyLoad(state, replicationMode) !== "unclear") return "";
  return ` (attention: ${isDocumented(state) ? PIPE_STATES[state].why : "ClickHouse doesn't document this state"})`;
}

interface Line {
  readonly key: string;
  readonly state: string;
  /** Left out of the comparison with the line before. */
  readonly time: string;
}

function format({ state, time }: Line): string {
  return time === "" ? state : `${state}  ${time}`;
}
