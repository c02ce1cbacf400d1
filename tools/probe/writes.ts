import { scalingSchema } from "../../provider/cloud/schemas";
import type { HttpResponse } from "../../provider/cloud/transport";
import {
  toCores,
  DOCUMENTED_MAX_CORES,
  OPENAPI_MAX_CORES,
  isSameSize,
  toSize,
  type Size,
} from "../../sizing";
import type { Caller } from "./caller";
import type { Findings } from "./findings";

const POLL_MS = 5_000;
const LONGEST_CHANGE_MS = 20 * 60_000;
/** A second change is asked for while the first is certainly under way: the documented 3 minutes are not over. */
const DURING_MS = 20_000;
const JUST_BEFORE_ARRIVAL_MS = 170_000;
/** What was asked for again then and begins anew arrives after 170 + 180 s; what does not, after 300 s at most. */
const BEGUN_ANEW_AFTER_MS = 325_000;

/** The size that the probe starts from, and those that it goes through: small steps, since each begun hour is billed. */
export interface Steps {
  readonly before: Size;
  readonly one: Size;
  readonly two: Size;
}

export function stepsFrom(before: Size): Steps {
  const cores = Math.round(toCores(before));
  const step = cores + 2 <= DOCUMENTED_MAX_CORES ? 1 : -1;
  return { before, one: toSize(cores + step), two: toSize(cores + 2 * step) };
}

/** What only changes tell: it changes one service, several times, and always puts its size back. */
export class Writes {
  constructor(
    private readonly caller: Caller,
    private readonly path: readonly string[],
    private readonly say: (text: string) => void,
  ) {}

  size(): Promise<Size> {
    return this.caller.result(scalingSchema, ...this.path);
  }

  async findings({ before, one, two }: Steps): Promise<Findings> {
    try {
      const first = await this.firstChange(before, one);
      const during = await this.changeDuringAnother(one, two);
      const again = await this.sameSizeAgain(one);
      const largest = await this.largest();
      return { ...first, ...during, ...again, ...largest };
    } finally {
      const wasInterrupted = this.caller.signal.aborted;
      this.say(`putting the size back${wasInterrupted ? "; interrupt again to leave it" : ""}`);
      await this.restore(before);
    }
  }

  private async firstChange(from: Size, to: Size): Promise<Findings> {
    this.say(`a change to ${toCores(to)} cores`);
    const answer = await this.patch(to);
    const arrivedMs = await this.arrival(to);
    return { patchAnswers: shownBy(answer, from, to), convergence: `${Math.round(arrivedMs / 1_000)} s` };
  }

  /** To another size, and soon after that back to the one it came from. */
  private async changeDuringAnother(from: Size, to: Size): Promise<Findings> {
    this.say(`a change to ${toCores(to)} cores, and one back to ${toCores(from)} while it is under way`);
    await this.patch(to);
    await this.sleep(DURING_MS);
    if (isSameSize(await this.size(), to)) return { patchDuringChange: "not seen: the change had arrived" };
    const { status } = await this.patch(from);
    if (status !== 200) {
      await this.arrival(to);
      return { patchDuringChange: status === 409 ? "conflicts" : `refused with ${status}` };
    }
    // Queued behind it, the first one is seen before the size comes back; replaced, it never is.
    const isSeen = await this.arrives(to, LONGEST_SIGN_MS);
    if (isSeen) await this.arrival(from);
    await this.bringTo(to);
    return { patchDuringChange: isSeen ? "queues" : "replaces" };
  }

  private async sameSizeAgain(to: Size): Promise<Findings> {
    this.say(`a change to ${toCores(to)} cores, asked for twice`);
    const beganAtMs = this.caller.clock.nowMs();
    await this.patch(to);
    await this.sleep(JUST_BEFORE_ARRIVAL_MS);
    if (isSameSize(await this.size(), to)) return { sameSizeRestarts: "not seen: the change had arrived" };
    const { status } = await this.patch(to);
    if (status !== 200) return { sameSizeRestarts: `the second request is refused with ${status}` };
    await this.arrival(to);
    const isAnew = this.caller.clock.nowMs() - beganAtMs > BEGUN_ANEW_AFTER_MS;
    return { sameSizeRestarts: String(isAnew) };
  }

  /** One core more than is documented; where it is taken, it is overruled at once. */
  private async largest(): Promise<Findings> {
    this.say(`a size of ${DOCUMENTED_MAX_CORES + 1} cores, to see whether it is refused`);
    const { status } = await this.patch(toSize(DOCUMENTED_MAX_CORES + 1));
    if (status === 400) return { maxCores: String(DOCUMENTED_MAX_CORES) };
    if (status === 200)
      return {
        maxCores: `more than ${DOCUMENTED_MAX_CORES}, ${OPENAPI_MAX_CORES} as the OpenAPI document says`,
      };
    return { maxCores: `refused with ${status}` };
  }

  private async bringTo(size: Size): Promise<void> {
    for (;;) {
      const { status } = await this.patch(size);
      if (status !== 409) break;
      await this.sleep(POLL_MS);
    }
    await this.arrival(size);
  }

  /** Also when the probe was interrupted: nothing in here but the last look gives way to that. */
  private async restore(size: Size): Promise<void> {
    for (let isFirst = true; ; isFirst = false) {
      const { status } = await this.caller.patchAtTheEnd(size, ...this.path);
      if (status === 200) break;
      if (status !== 409)
        throw new Error(
          `the size could not be put back: the API answered ${status}. Set it to ${toCores(size)} cores`,
        );
      if (isFirst) this.say("another change is under way: the size is put back as soon as it has arrived");
      await this.caller.clock.sleep(POLL_MS);
    }
    if (this.caller.signal.aborted)
      return this.say(`asked for ${toCores(size)} cores again; they arrive within minutes`);
    await this.arrival(size);
  }

  private patch(size: Size): Promise<HttpResponse> {
    return this.caller.patch(size, ...this.path);
  }

  private sleep(ms: number): Promise<void> {
    return this.caller.clock.sleep(ms, this.caller.signal);
  }

  /** Milliseconds until two reads in a row have shown the size. */
  private async arrival(size: Size): Promise<number> {
    const beganAtMs = this.caller.clock.nowMs();
    if (await this.arrives(size, LONGEST_CHANGE_MS)) return this.caller.clock.nowMs() - beganAtMs;
    throw new Error(
      `a change to ${toCores(size)} cores did not arrive within ${LONGEST_CHANGE_MS / 60_000} minutes`,
    );
  }

  private async arrives(size: Size, withinMs: number): Promise<boolean> {
    const { clock } = this.caller;
    const endsAtMs = clock.nowMs() + withinMs;
    let matches = 0;
    while (clock.nowMs() < endsAtMs) {
      matches = isSameSize(await this.size(), size) ? matches + 1 : 0;
      if (matches === 2) return true;
      await this.sleep(POLL_MS);
    }
    return false;
  }
}

/** Longer than a change and one that is queued behind it take to show anything. */
const LONGEST_SIGN_MS = 6 * 60_000;

function shownBy(answer: HttpResponse, from: Size, to: Size): string {
  const { result } = (answer.json ?? {}) as { result?: unknown };
  const shown = scalingSchema.safeParse(result).data;
  if (answer.status !== 200) return `status ${answer.status}`;
  if (shown === undefined) return "no size";
  if (isSameSize(shown, to)) return "new";
  return isSameSize(shown, from) ? "old" : "another size";
}
