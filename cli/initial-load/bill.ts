import { computeCost } from "../../sizing";

const HOUR_MS = 3_600_000;

/** A burst that has ended, with what its bill depends on. */
export interface EndedBurst {
  readonly name: string;
  readonly cores: number;
  readonly steadyCores: number;
  readonly from: Date;
  readonly to: Date;
  /** When ClickHouse's hours start: with the service's first database ClickPipe, for which compute is provisioned. */
  readonly billedFrom: Date;
}

/** What a burst costs. Each started hour counts in full. */
export function billBurst(
  { cores, from, to, billedFrom }: Pick<EndedBurst, "cores" | "from" | "to" | "billedFrom">,
  unitPrice: number | undefined,
): { readonly hours: number; readonly usd: number } {
  const hourOf = (time: Date) => (time.getTime() - billedFrom.getTime()) / HOUR_MS;
  const hours = Math.ceil(hourOf(to)) - Math.floor(hourOf(from));
  const cents = Math.round(hours * computeCost(cores, unitPrice).usdPerHour * 100);
  return { hours, usd: cents / 100 };
}
