import { scalingSchema } from "../../provider/cloud/schemas";
import type { HttpResponse } from "../../provider/cloud/transport";
import { DOCUMENTED_MAX_CORES, isSameSize, type Size, toCores, toSize } from "../../sizing";
import type { ProbeClient } from "./probe-client";

const POLL_MS = 5_000;
const LONGEST_CHANGE_MS = 20 * 60_000;

/** Called after each read of the size, with whether it showed the wanted one. */
type Observe = (isThere: boolean) => Promise<void>;

/** Prints a line of progress. */
export type Print = (text: string) => void;

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

/** The size of the service that the probe changes, and restores whatever happens. */
export class ServiceSize {
  constructor(
    private readonly client: ProbeClient,
    private readonly servicePath: readonly string[],
    private readonly print: Print,
  ) {}

  read(): Promise<Size> {
    return this.client.read(scalingSchema, ...this.path);
  }

  patch(size: Size): Promise<HttpResponse> {
    return this.client.patch(size, ...this.path);
  }

  /** Changes the size, after another change if need be, and waits until it has arrived. */
  async changeTo(size: Size): Promise<void> {
    for (;;) {
      const { status } = await this.patch(size);
      if (status !== 409) break;
      await this.sleep(POLL_MS);
    }
    await this.waitUntilArrived(size);
  }

  /** Runs work that changes the size, and restores it in the end. */
  async restoreAfter<Result>(before: Size, work: () => Promise<Result>): Promise<Result> {
    try {
      return await work();
    } finally {
      const wasInterrupted = this.client.signal.aborted;
      this.print(`restoring the size${wasInterrupted ? "; interrupt again to leave it as it is" : ""}`);
      await this.restore(before);
    }
  }

  /** Waits until two consecutive reads show the size. Returns how many milliseconds that took. */
  async waitUntilArrived(size: Size, observe?: Observe): Promise<number> {
    const beganAtMs = this.client.clock.nowMs();
    if (await this.hasArrivedWithin(size, LONGEST_CHANGE_MS, observe))
      return this.client.clock.nowMs() - beganAtMs;
    throw new Error(
      `A change to ${toCores(size)} cores did not arrive within ${LONGEST_CHANGE_MS / 60_000} minutes.`,
    );
  }

  async hasArrivedWithin(size: Size, limitMs: number, observe?: Observe): Promise<boolean> {
    const { clock } = this.client;
    const endsAtMs = clock.nowMs() + limitMs;
    let matches = 0;
    while (clock.nowMs() < endsAtMs) {
      matches = isSameSize(await this.read(), size) ? matches + 1 : 0;
      await observe?.(matches > 0);
      if (matches === 2) return true;
      await this.sleep(POLL_MS);
    }
    return false;
  }

  sleep(ms: number): Promise<void> {
    return this.client.clock.sleep(ms, this.client.signal);
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

  private get path(): readonly string[] {
    return [...this.servicePath, "clickpipesCdcScaling"];
  }
}
