import { clearScreenDown, moveCursor } from "node:readline";
import type { WriteStream } from "node:tty";
import type { Clock } from "../../provider/wait/clock";
import { durationText } from "../../provider/wait/duration";
import { chosenOf, costOf, loadOf, timeText, usdText } from "../../sizing";
import type { Watched } from "./run";

/** A log gets a line that says the same as the one before only this often. */
const REPEAT_MS = 10 * 60_000;

/** Lines on how far all pipes are: renewed in place in a terminal, one by one in a log. */
export class Display {
  private lines = 0;
  private readonly said = new Map<string, { readonly text: string; readonly atMs: number }>();

  constructor(
    private readonly out: Pick<WriteStream, "write"> & {
      readonly isTTY?: boolean;
      readonly columns?: number;
    },
    private readonly clock: Clock,
    private readonly unitPrice: number | undefined,
  ) {}

  /** Text that stays. */
  say(text: string): void {
    this.clear();
    this.out.write(text.endsWith("\n") ? text : `${text}\n`);
  }

  show(watched: readonly Watched[]): void {
    const lines = watched.flatMap((each) => this.linesOf(each));
    if (this.out.isTTY !== true) return this.log(lines);
    this.clear();
    const width = this.out.columns ?? 80;
    for (const { state, time } of lines) this.out.write(`${textOf(state, time).slice(0, width - 1)}\n`);
    this.lines = lines.length;
  }

  private log(lines: readonly Line[]): void {
    const nowMs = this.clock.nowMs();
    for (const { key, state, time } of lines) {
      const before = this.said.get(key);
      if (before?.text === state && nowMs - before.atMs < REPEAT_MS) continue;
      this.said.set(key, { text: state, atMs: nowMs });
      this.out.write(`${textOf(state, time)}\n`);
    }
  }

  /** Takes back the lines that were shown last. */
  private clear(): void {
    if (this.lines === 0) return;
    moveCursor(this.out as WriteStream, 0, -this.lines);
    clearScreenDown(this.out as WriteStream);
    this.lines = 0;
  }

  private linesOf({ declared, pipes }: Watched): Line[] {
    const { name, burst, since, urn } = declared;
    const runsMs = this.clock.date().getTime() - (since ?? this.clock.date()).getTime();
    const perHour = usdText(costOf(burst.cores, this.unitPrice).usdPerHour);
    const until = burst.endBy === undefined ? "" : `, until ${timeText(burst.endBy)} at the latest`;
    const line = (key: string, state: string, time = ""): Line => ({ key: `${urn} ${key}`, state, time });
    const time = durationText(runsMs);
    const size = line("", `${name}: ${burst.cores} cores at ${perHour}/h${until}`, time);
    if ("unread" in pipes) return [size, line("unread", `  the pipes could not be read (${pipes.unread})`)];
    const lines = chosenOf(pipes.db, burst).map(({ id, name: pipe, state, replicationMode }) =>
      line(id, `  ${pipe}: ${state}`, loadOf(state, replicationMode) === "over" ? "" : time),
    );
    return [size, ...lines];
  }
}

function textOf(state: string, time: string): string {
  return time === "" ? state : `${state}  ${time}`;
}

interface Line {
  readonly key: string;
  readonly state: string;
  readonly time: string;
}
