import { costOf } from "../../sizing";
import type { BurstRun } from "./record";

const HOUR_MS = 3_600_000;

/** What a burst came to: each begun hour counts whole. Compute is provisioned, and its hours begin, with a service's first database ClickPipe. */
export function billOf(
  { cores, from, to, hoursFrom }: Pick<BurstRun, "cores" | "from" | "hoursFrom"> & { readonly to: Date },
  unitPrice: number | undefined,
) {
  const hourOf = (time: Date) => (time.getTime() - hoursFrom.getTime()) / HOUR_MS;
  const hours = Math.ceil(hourOf(to)) - Math.floor(hourOf(from));
  const cents = Math.round(hours * costOf(cores, unitPrice).usdPerHour * 100);
  return { hours, usd: cents / 100 };
}
