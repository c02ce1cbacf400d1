import { type Burst, computeCost, classifyLoad, type Phase, formatUsd, selectFragile } from "../../sizing";
import { describeFragileLoads } from "./guard/fragile-loads";
import type { DbClickPipe } from "../cloud/pipes";
import type { AdviceName } from "../state/inputs";

/** What advice depends on. */
export interface AdviceContext {
  /** Whether the program declares the resource for the first time. */
  readonly isNew: boolean;
  readonly steadyCores: number;
  readonly burst?: Burst | undefined;
  readonly phase?: Phase | undefined;
  /** The pipes that count for the burst; absent if they are unknown. */
  readonly chosen?: readonly DbClickPipe[] | undefined;
  /** All database pipes of the service; absent if they are unknown. */
  readonly pipes?: readonly DbClickPipe[] | undefined;
  /** The cores before this change; absent if they are unknown. */
  readonly coresBefore?: number | undefined;
  /** The cores that should be in force. */
  readonly coresAfter: number;
  readonly now: Date;
  /** US dollars for a compute unit and hour, if the stack sets its own. */
  readonly unitPrice: number | undefined;
}

interface Advice {
  /** Whether it is about each change of the size, not about what the program declares. */
  readonly isAboutResize?: boolean;
  readonly applies: (context: AdviceContext) => boolean;
  readonly text: (context: AdviceContext) => string;
}

/** One compute unit, the default outside of the Basic tier. Source: the page that `LIST_PRICE` names. */
const DEFAULT_CORES = 2;

/** Of Postgres and MySQL. Source: `PARALLELISM_PAGE`, read 2026-11. */
const DEFAULT_PARALLELISM = 4;

/** "more than 8 CDC pipes": what the scaling page names as a reason to scale. */
const CDC_PIPES_BEFORE_SCALING = 8;

const MAX_DAYS_AHEAD = 90;
const DAY_MS = 86_400_000;

const SCALING_PAGE = "https://clickhouse.com/docs/integrations/clickpipes/postgres/scaling";
/** A lost connection during the load means a resync from the beginning. Read 2026-11. */
const FAQ_PAGE = "https://clickhouse.com/docs/integrations/clickpipes/postgres/faq";
const PARALLELISM_PAGE = "https://clickhouse.com/docs/integrations/clickpipes/postgres/parallel-initial-load";

/** Each piece of advice by the name that `suppressAdvice` takes; the names are part of the API. */
export const ADVICE = {
  rarelyNeeded: {
    applies: ({ isNew, steadyCores, burst }) =>
      isNew && Math.max(steadyCores, burst?.cores ?? 0) > DEFAULT_CORES,
    text: () =>
      `the default size is enough for most workloads, and ClickHouse asks for a support case before a change: ${SCALING_PAGE}`,
  },
  initialLoadParallelism: {
    applies: (context) => listDefaultParallelism(context).length > 0,
    text: (context) =>
      `a larger size only speeds up an initial load that runs in parallel, and initialLoadParallelism has its default of ` +
      `${DEFAULT_PARALLELISM} for ${listDefaultParallelism(context).join(", ")}. Set it when you create a pipe: ${PARALLELISM_PAGE}`,
  },
  manyPipes: {
    applies: ({ pipes = [], steadyCores }) =>
      steadyCores <= DEFAULT_CORES && selectCdcPipes(pipes).length > CDC_PIPES_BEFORE_SCALING,
    text: ({ pipes = [], steadyCores }) =>
      `${selectCdcPipes(pipes).length} CDC pipes share ${steadyCores} cores; ClickHouse recommends scaling for more than ` +
      `${CDC_PIPES_BEFORE_SCALING}: ${SCALING_PAGE}`,
  },
  noEndBy: {
    // If no pipe is known to load, the warning about a burst without an end says more.
    applies: (context) => isLoading(context) && context.burst?.endBy === undefined,
    text: ({ burst, unitPrice }) =>
      `without initialLoad.endBy, ${burst?.cores ?? 0} cores (${formatMonthlyCost(burst, unitPrice)} a month) stay until the ` +
      `initial load is done, even if it is stuck: ${SCALING_PAGE}`,
  },
  endByFarAhead: {
    applies: ({ burst, now }) =>
      burst?.endBy !== undefined && burst.endBy.getTime() - now.getTime() > MAX_DAYS_AHEAD * DAY_MS,
    text: ({ burst, unitPrice }) =>
      `initialLoad.endBy is more than ${MAX_DAYS_AHEAD} days ahead: until then ${burst?.cores ?? 0} cores can cost ` +
      `${formatMonthlyCost(burst, unitPrice)} a month: ${SCALING_PAGE}`,
  },
  resizeDuringLoad: {
    isAboutResize: true,
    // The size before a new resource is unknown: it may be another one.
    applies: ({ coresBefore, coresAfter, pipes = [] }) =>
      coresBefore !== coresAfter && selectFragile(pipes).length > 0,
    text: ({ pipes = [] }) => `${describeFragileLoads(selectFragile(pipes))}: ${FAQ_PAGE}`,
  },
} as const satisfies Record<AdviceName, Advice>;

interface AdviceOptions {
  readonly suppressed?: readonly string[];
  /** Whether the program declares something new. If not, only the advice about a resize is listed. */
  readonly hasNews?: boolean;
}

/** Lists the advice that applies and that the program does not suppress. */
export function listAdvice(
  context: AdviceContext,
  { suppressed = [], hasNews = true }: AdviceOptions = {},
): string[] {
  const advice: Readonly<Record<AdviceName, Advice>> = ADVICE;
  return (Object.keys(ADVICE) as AdviceName[])
    .filter((name) => hasNews || advice[name].isAboutResize === true)
    .filter((name) => !suppressed.includes(name) && advice[name].applies(context))
    .map((name) => `${ADVICE[name].text(context)} (hide with suppressAdvice: ["${name}"])`);
}

/** The pipes in their initial load with the default parallelism. Other kinds of pipes have no such setting, or no known default. */
function listDefaultParallelism({ chosen = [] }: AdviceContext): string[] {
  const hasDefault = ({ source, settings }: DbClickPipe) =>
    ["postgres", "mysql"].includes(source) &&
    (settings.initialLoadParallelism ?? DEFAULT_PARALLELISM) === DEFAULT_PARALLELISM;
  return chosen
    .filter(({ state, replicationMode }) => classifyLoad(state, replicationMode) === "loading")
    .filter(hasDefault)
    .map(({ name }) => name);
}

function isLoading({ chosen = [] }: AdviceContext): boolean {
  return chosen.some(({ state, replicationMode }) => classifyLoad(state, replicationMode) === "loading");
}

function selectCdcPipes(pipes: readonly DbClickPipe[]): DbClickPipe[] {
  return pipes.filter(
    ({ source, replicationMode }) => source !== "bigquery" && replicationMode !== "snapshot",
  );
}

function formatMonthlyCost(burst: Burst | undefined, unitPrice: number | undefined): string {
  return formatUsd(computeCost(burst?.cores ?? 0, unitPrice).usdPerMonth);
}
