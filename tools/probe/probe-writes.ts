import { scalingSchema } from "../../provider/cloud/schemas";
import type { HttpResponse } from "../../provider/cloud/transport";
import {
  DOCUMENTED_MAX_CORES,
  isSameSize,
  OPENAPI_MAX_CORES,
  type Size,
  toCores,
  toSize,
} from "../../sizing";
import type { Findings } from "./findings";
import type { ProbeClient } from "./probe-client";

const POLL_MS = 5_000;
const LONGEST_CHANGE_MS = 20 * 60_000;
/** Less than the documented 3 minutes, so that the first change is still in progress. */
const SECOND_CHANGE_AFTER_MS = 20_000;
const REPEAT_AFTER_MS = 170_000;
/** A change that restarts with the repeated PATCH arrives after 170 + 180 s or later. Otherwise it arrives within 300 s. */
const RESTARTED_IF_AFTER_MS = 325_000;
/** Longer than a change and one that is queued behind it take to show anything. */
const LONGEST_QUEUE_MS = 6 * 60_000;

/** The original size and two others. The steps are small, because ClickHouse bills every started hour. */
export interface Steps {
  readonly before: Size;
  readonly one: Size;
  readonly two: Size;
}

export function chooseSteps(before: Size): Steps {
  const cores = Math.round(toCores(before));
  const step = cores + 2 <= DOCUMENTED_MAX_CORES ? 1 : -1;
  return { before, one: toSize(cores + step), two: toSize(cores + 2 * step) };
}

/** Tests what only changes can show. Changes the size of one service several times, and always restores it. */
export class WriteProbe {
  constructor(
    private readonly client: ProbeClient,
    private readonly path: readonly string[],
    private readonly print: (text: string) => void,
  ) {}

  readSize(): Promise<Size> {
    return this.client.read(scalingSchema, ...this.path);
  }

  async run({ before, one, two }: Steps): Promise<Findings> {
    try {
      const change = await this.probeChange(before, one);
      const second = await this.probeSecondChange(one, two);
      const repeated = await this.probeRepeatedChange(one);
      const largest = await this.probeMaxCores();
      return { ...change, ...second, ...repeated, ...largest };
    } finally {
      const wasInterrupted = this.client.signal.aborted;
      this.print(`restoring the size${wasInterrupted ? "; interrupt again to leave it as it is" : ""}`);
      await this.restore(before);
    }
  }

  private async probeChange(from: Size, to: Size): Promise<Findings> {
    this.print(`changing to ${toCores(to)} cores`);
    const response = await this.patch(to);
    const tookMs = await this.waitUntilArrived(to);
    return {
      patchAnswers: classifyResponse(response, from, to),
      convergence: `${Math.round(tookMs / 1_000)} s`,
    };
  }

  /** Changes to another size, and back while that change is in progress. */
  private async probeSecondChange(from: Size, to: Size): Promise<Findings> {
    this.print(`changing to ${toCores(to)} cores, and back to ${toCores(from)} while that is in progress`);
    await this.patch(to);
    await this.sleep(SECOND_CHANGE_AFTER_MS);
    if (isSameSize(await this.readSize(), to))
      return { patchDuringChange: "not observed: the change had arrived" };
    const { status } = await this.patch(from);
    if (status !== 200) {
      await this.waitUntilArrived(to);
      return { patchDuringChange: status === 409 ? "conflicts" : `refused with ${status}` };
    }
    // If the second change is queued, the first one shows before the size comes back. If it is replaced, it never shows.
    const hasShown = await this.hasArrivedWithin(to, LONGEST_QUEUE_MS);
    if (hasShown) await this.waitUntilArrived(from);
    await this.changeTo(to);
    return { patchDuringChange: hasShown ? "queues" : "replaces" };
  }

  private async probeRepeatedChange(to: Size): Promise<Findings> {
    this.print(`changing to ${toCores(to)} cores, requested twice`);
    const beganAtMs = this.client.clock.nowMs();
    await this.patch(to);
    await this.sleep(REPEAT_AFTER_MS);
    if (isSameSize(await this.readSize(), to))
      return { sameSizeRestarts: "not observed: the change had arrived" };
    const { status } = await this.patch(to);
    if (status !== 200) return { sameSizeRestarts: `the second request is refused with ${status}` };
    await this.waitUntilArrived(to);
    const hasRestarted = this.client.clock.nowMs() - beganAtMs > RESTARTED_IF_AFTER_MS;
    return { sameSizeRestarts: String(hasRestarted) };
  }

  /** Requests one core more than is documented. If the API accepts it, restoring the size replaces it at once. */
  private async probeMaxCores(): Promise<Findings> {
    this.print(`requesting ${DOCUMENTED_MAX_CORES + 1} cores, which the API may refuse`);
    const { status } = await this.patch(toSize(DOCUMENTED_MAX_CORES + 1));
    if (status === 400) return { maxCores: String(DOCUMENTED_MAX_CORES) };
    if (status === 200)
      return {
        maxCores: `more than ${DOCUMENTED_MAX_CORES}, ${OPENAPI_MAX_CORES} as the OpenAPI document says`,
      };
    return { maxCores: `refused with ${status}` };
  }

  private async changeTo(size: Size): Promise<void> {
    for (;;) {
      const { status } = await this.patch(size);
      if (status !== 409) break;
      await this.sleep(POLL_MS);
    }
    await this.waitUntilArrived(size);
  }

  /** Continues after an interruption; then it does not wait until the size has arrived. */
  private async restore(size: Size): Promise<void> {
    for (let isFirst = true; ; isFirst = false) {
      const { status } = await this.client.restore(size, ...this.path);
      if (status === 200) break;
      if (status !== 409)
        throw new Error(
          `Could not restore the size: the API answered ${status}. Set it to ${toCores(size)} cores yourself.`,
        );
      if (isFirst) this.print("another change is in progress; the size is restored after it has arrived");
      await this.client.clock.sleep(POLL_MS);
    }
    if (this.client.signal.aborted)
      return this.print(`requested ${toCores(size)} cores again; they arrive within minutes`);
    await this.waitUntilArrived(size);
  }

  private patch(size: Size): Promise<HttpResponse> {
    return this.client.patch(size, ...this.path);
  }

  private sleep(ms: number): Promise<void> {
    return this.client.clock.sleep(ms, this.client.signal);
  }

  /** Waits until two consecutive reads show the size. Returns how many milliseconds that took. */
  private async waitUntilArrived(size: Size): Promise<number> {
    const beganAtMs = this.client.clock.nowMs();
    if (await this.hasArrivedWithin(size, LONGEST_CHANGE_MS)) return this.client.clock.nowMs() - beganAtMs;
    throw new Error(
      `A change to ${toCores(size)} cores did not arrive within ${LONGEST_CHANGE_MS / 60_000} minutes.`,
    );
  }

  private async hasArrivedWithin(size: Size, limitMs: number): Promise<boolean> {
    const { clock } = this.client;
    const endsAtMs = clock.nowMs() + limitMs;
    let matches = 0;
    while (clock.nowMs() < endsAtMs) {
      matches = isSameSize(await this.readSize(), size) ? matches + 1 : 0;
      if (matches === 2) return true;
      await this.sleep(POLL_MS);
    }
    return false;
  }
}

function classifyResponse(response: HttpResponse, from: Size, to: Size): string {
  const { result } = (response.json ?? {}) as { result?: unknown };
  const size = scalingSchema.safeParse(result).data;
  if (response.status !== 200) return `status ${response.status}`;
  if (size === undefined) return "no size";
  if (isSameSize(size, to)) return "new";
  return isSameSize(size, from) ? "old" : "another size";
}
