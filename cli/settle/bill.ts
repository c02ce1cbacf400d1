import { costOf } from "../../sizing";

const HOUR_MS = 3_600_000;

/** A time during which a service ran at a burst's size. */
export interface Run {
  readonly name: string;
  readonly cores: number;
  readonly steadyCores: number;
  readonly from: Date;
  readonly to: Date;
  /** When ClickHouse's hours began: compute is provisioned with a service's first database ClickPipe. */
  readonly hoursFrom: Date;
}

/** What a burst came to: each begun hour counts whole. */
export function billOf({ cores, from, to, hoursFrom }: Run, unitPrice: number | undefined) {
  const hourOf = (time: Date) => (time.getTime() - hoursFrom.getTime()) / HOUR_MS;
  const hours = Math.ceil(hourOf(to)) - Math.floor(hourOf(from));
  const cents = Math.round(hours * costOf(cores, unitPrice).usdPerHour * 100);
  return { hours, usd: cents / 100 };
}
