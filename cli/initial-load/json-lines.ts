import type { Clock } from "../../provider/wait/clock";
import { classifyLoad, computeCost, selectPipes } from "../../sizing";
import { billBurst, type EndedBurst } from "./bill";
import type { Output } from "./display";
import { REPEAT_MS, type ResourceStatus } from "./run";

/**
 * What a line of `initial-load --json` can be. Scripts read it: fields and events may be added, and are never renamed or removed. Times
 * are ISO 8601, amounts US dollars. Null stands for what does not exist or is not known.
 */
export type JsonLine = MessageLine | StatusLine | DoneLine;

/** What a person would read. */
interface MessageLine {
  readonly event: "message" | "warning";
  readonly time: string;
  readonly text: string;
}

/** A service that is not finished: at the start, after each change, and every 4 minutes. */
interface StatusLine {
  readonly event: "status";
  readonly time: string;
  readonly name: string;
  readonly serviceId: string;
  /** Of the burst. */
  readonly cores: number;
  readonly usdPerHour: number;
  readonly since: string | null;
  readonly endBy: string | null;
  /** Null if they can't be read. */
  readonly pipes:
    | readonly {
        readonly id: string;
        readonly name: string;
        readonly state: string;
        readonly load: "loading" | "done" | "unclear";
      }[]
    | null;
  /** Why the pipes can't be read. */
  readonly unread: string | null;
}

/** The last line of a run that succeeded: the last burst of each service. */
interface DoneLine {
  readonly event: "done";
  readonly time: string;
  readonly bursts: readonly {
    readonly name: string;
    readonly cores: number;
    readonly steadyCores: number;
    readonly from: string;
    readonly to: string;
    readonly startedHours: number;
    readonly usd: number;
  }[];
  readonly usd: number;
}

/** Writes a JSON object per line, for scripts. */
export class JsonLines implements Output {
  private readonly written = new Map<string, { readonly text: string; readonly atMs: number }>();

  constructor(
    private readonly write: (line: string) => void,
    private readonly clock: Clock,
    private readonly unitPrice: number | undefined,
  ) {}

  print(text: string): void {
    this.writeLine({ event: "message", time: this.getTime(), text });
  }

  warn(text: string): void {
    this.writeLine({ event: "warning", time: this.getTime(), text });
  }

  show(statuses: readonly ResourceStatus[]): void {
    for (const status of statuses) {
      const line = this.toStatusLine(status);
      const { urn } = status.resource;
      const text = JSON.stringify({ ...line, time: "" });
      const last = this.written.get(urn);
      const nowMs = this.clock.nowMs();
      if (last?.text === text && nowMs - last.atMs < REPEAT_MS) continue;
      this.written.set(urn, { text, atMs: nowMs });
      this.writeLine(line);
    }
  }

  finish(ended: readonly EndedBurst[]): void {
    const bursts = ended.map((burst) => {
      const { name, cores, steadyCores, from, to } = burst;
      const { hours, usd } = billBurst(burst, this.unitPrice);
      return {
        name,
        cores,
        steadyCores,
        from: from.toISOString(),
        to: to.toISOString(),
        startedHours: hours,
        usd,
      };
    });
    const cents = bursts.reduce((sum, { usd }) => sum + Math.round(usd * 100), 0);
    this.writeLine({ event: "done", time: this.getTime(), bursts, usd: cents / 100 });
  }

  private toStatusLine({ resource, pipes }: ResourceStatus): StatusLine {
    const { name, serviceId, burst, burstSince } = resource;
    return {
      event: "status",
      time: this.getTime(),
      name,
      serviceId,
      cores: burst.cores,
      usdPerHour: computeCost(burst.cores, this.unitPrice).usdPerHour,
      since: burstSince?.toISOString() ?? null,
      endBy: burst.endBy?.toISOString() ?? null,
      pipes:
        "unread" in pipes
          ? null
          : selectPipes(pipes.db, burst).map(({ id, name: pipe, state, replicationMode }) => ({
              id,
              name: pipe,
              state,
              load: classifyLoad(state, replicationMode),
            })),
      unread: "unread" in pipes ? pipes.unread : null,
    };
  }

  private getTime(): string {
    return this.clock.date().toISOString();
  }

  private writeLine(line: JsonLine): void {
    this.write(`${JSON.stringify(line)}\n`);
  }
}
