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
import type { Terminal } from "../terminal/terminal";
import type { EndedBurst } from "./bill";
import { REPEAT_MS, type ResourceStatus } from "./run";
import { summarize } from "./summary";

/** What a run tells, to a person or to a script. */
export interface Output {
  /** Shows the progress, in place of what was shown before. */
  show(statuses: readonly ResourceStatus[]): void;
  /** Prints text that stays. */
  print(text: string): void;
  /** Prints text that a person should not overlook. */
  warn(text: string): void;
  /** Prints what the bursts have cost. */
  finish(bursts: readonly EndedBurst[]): void;
}

/** Shows the state of all pipes: a terminal redraws it in place, a log gets the lines that changed. */
export class Display implements Output {
  private readonly logged = new Map<string, { readonly state: string; readonly atMs: number }>();

  constructor(
    private readonly terminal: Terminal,
    private readonly clock: Clock,
    private readonly unitPrice: number | undefined,
  ) {}

  print(text: string): void {
    this.terminal.print(text);
  }

  warn(text: string): void {
    this.terminal.print(this.terminal.styleFirstLine("yellow", text));
  }

  finish(bursts: readonly EndedBurst[]): void {
    this.terminal.print(summarize(bursts, this.unitPrice));
  }

  show(statuses: readonly ResourceStatus[]): void {
    const lines = statuses.flatMap((status) => this.toLines(status));
    if (!this.terminal.isLive) return this.log(lines);
    this.terminal.showForNow(lines.map((line) => this.format(line)).join("\n"));
  }

  private log(lines: readonly Line[]): void {
    const nowMs = this.clock.nowMs();
    for (const line of lines) {
      const { key, state } = line;
      const last = this.logged.get(key);
      if (last?.state === state && nowMs - last.atMs < REPEAT_MS) continue;
      this.logged.set(key, { state, atMs: nowMs });
      this.terminal.print(this.format(line));
    }
  }

  private toLines({ resource, pipes }: ResourceStatus): Line[] {
    const { name, burst, burstSince, urn } = resource;
    const now = this.clock.date();
    const elapsed = formatDuration(now.getTime() - (burstSince ?? now).getTime());
    const perHour = formatUsd(computeCost(burst.cores, this.unitPrice).usdPerHour);
    const until = burst.endBy === undefined ? "" : `, until ${formatUtcTime(burst.endBy)} at the latest`;
    const toLine = (key: string, state: string, more: Partial<Line> = {}): Line => ({
      key: `${urn} ${key}`,
      state,
      time: "",
      ...more,
    });
    const size = toLine("", `${name}: ${burst.cores} cores at ${perHour}/h${until}`, {
      time: elapsed,
      style: "bold",
    });
    if ("unread" in pipes) {
      return [size, toLine("unread", `  can't read the pipes (${pipes.unread})`, { style: "yellow" })];
    }
    const lines = selectPipes(pipes.db, burst).map(({ id, name: pipe, state, replicationMode }) => {
      const load = classifyLoad(state, replicationMode);
      return toLine(id, `  ${pipe}: ${state}${explainUnclear(state, replicationMode)}`, {
        time: load === "done" ? "" : elapsed,
        ...(load === "unclear" ? { style: "yellow" } : {}),
      });
    });
    const isWaiting =
      burst.startAhead === true &&
      !pipes.db.some(({ state, replicationMode }) => classifyLoad(state, replicationMode) === "loading");
    return [size, ...lines, ...(isWaiting ? [toLine("ahead", "  no pipe is in its initial load yet")] : [])];
  }

  private format({ state, time, style }: Line): string {
    const styled = style === undefined ? state : this.terminal.style(style, state);
    return time === "" ? styled : `${styled}  ${time}`;
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
  readonly style?: "bold" | "yellow";
}
