import { scalingSchema } from "../../provider/cloud/schemas";
import type { HttpResponse } from "../../provider/cloud/transport";
import type { Clock } from "../../provider/wait/clock";
import {
  DOCUMENTED_MAX_CORES,
  isSameSize,
  OPENAPI_MAX_CORES,
  type Size,
  toCores,
  toSize,
} from "../../sizing";
import type { Findings } from "./findings";
import type { Print, ServiceSize, Steps } from "./service-size";

/** Less than the documented 3 minutes, so that the first change is still in progress. */
const SECOND_CHANGE_AFTER_MS = 20_000;
const REPEAT_AFTER_MS = 170_000;
/** A change that restarts with the repeated PATCH arrives after 170 + 180 s or later. Otherwise it arrives within 300 s. */
const RESTARTED_IF_AFTER_MS = 325_000;
/** Longer than a change and one that is queued behind it take to show anything. */
const LONGEST_QUEUE_MS = 6 * 60_000;

/** Tests what only changes can show. Changes the size of one service several times, and always restores it. */
export class WriteProbe {
  constructor(
    private readonly size: ServiceSize,
    private readonly clock: Clock,
    private readonly print: Print,
  ) {}

  async run({ before, one, two }: Steps): Promise<Findings> {
    return this.size.restoreAfter(before, async () => {
      const change = await this.probeChange(before, one);
      const second = await this.probeSecondChange(one, two);
      const repeated = await this.probeRepeatedChange(one);
      const largest = await this.probeMaxCores();
      return { ...change, ...second, ...repeated, ...largest };
    });
  }

  private async probeChange(from: Size, to: Size): Promise<Findings> {
    this.print(`changing to ${toCores(to)} cores`);
    const response = await this.size.patch(to);
    const tookMs = await this.size.waitUntilArrived(to);
    return {
      patchAnswers: classifyResponse(response, from, to),
      convergence: `${Math.round(tookMs / 1_000)} s`,
    };
  }

  /** Changes to another size, and back while that change is in progress. */
  private async probeSecondChange(from: Size, to: Size): Promise<Findings> {
    this.print(`changing to ${toCores(to)} cores, and back to ${toCores(from)} while that is in progress`);
    await this.size.patch(to);
    await this.size.sleep(SECOND_CHANGE_AFTER_MS);
    if (isSameSize(await this.size.read(), to))
      return { patchDuringChange: "not observed: the change had arrived" };
    const { status } = await this.size.patch(from);
    if (status !== 200) {
      await this.size.waitUntilArrived(to);
      return { patchDuringChange: status === 409 ? "conflicts" : `refused with ${status}` };
    }
    // If the second change is queued, the first one shows before the size comes back. If it is replaced, it never shows.
    const hasShown = await this.size.hasArrivedWithin(to, LONGEST_QUEUE_MS);
    if (hasShown) await this.size.waitUntilArrived(from);
    await this.size.changeTo(to);
    return { patchDuringChange: hasShown ? "queues" : "replaces" };
  }

  private async probeRepeatedChange(to: Size): Promise<Findings> {
    this.print(`changing to ${toCores(to)} cores, requested twice`);
    const beganAtMs = this.clock.nowMs();
    await this.size.patch(to);
    await this.size.sleep(REPEAT_AFTER_MS);
    if (isSameSize(await this.size.read(), to))
      return { sameSizeRestarts: "not observed: the change had arrived" };
    const { status } = await this.size.patch(to);
    if (status !== 200) return { sameSizeRestarts: `the second request is refused with ${status}` };
    await this.size.waitUntilArrived(to);
    const hasRestarted = this.clock.nowMs() - beganAtMs > RESTARTED_IF_AFTER_MS;
    return { sameSizeRestarts: String(hasRestarted) };
  }

  /** Requests one core more than is documented. If the API accepts it, restoring the size replaces it at once. */
  private async probeMaxCores(): Promise<Findings> {
    this.print(`requesting ${DOCUMENTED_MAX_CORES + 1} cores, which the API may refuse`);
    const { status } = await this.size.patch(toSize(DOCUMENTED_MAX_CORES + 1));
    if (status === 400) return { maxCores: String(DOCUMENTED_MAX_CORES) };
    if (status === 200)
      return {
        maxCores: `more than ${DOCUMENTED_MAX_CORES}, ${OPENAPI_MAX_CORES} as the OpenAPI document says`,
      };
    return { maxCores: `refused with ${status}` };
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
