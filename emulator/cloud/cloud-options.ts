import { type EmulatorClock, wallClock } from "./clock";
import { DEFAULT_GUESSES, type Guesses } from "./guesses";
import { DEFAULT_SEED, type Seed } from "./seed";

/**
 * How long a change of size takes, in milliseconds: a fixed time, or a range from which each change draws its own.
 *
 * @public
 */
export type ConvergenceMs = number | readonly [minMs: number, maxMs: number];

/** ClickHouse documents 3 to 5 minutes. Source: https://clickhouse.com/docs/integrations/clickpipes/postgres/scaling */
export const DEFAULT_CONVERGENCE_MS: ConvergenceMs = [180_000, 300_000];
export const DEFAULT_SNAPSHOT_MS = 600_000;
/**
 * ClickHouse documents the states and their order, but not their durations. These are short compared to a snapshot.
 * Source: https://clickhouse.com/docs/integrations/clickpipes/postgres/lifecycle, read 2026-11.
 */
export const DEFAULT_PROVISIONING_MS = 30_000;
export const DEFAULT_SETUP_MS = 30_000;
const DEFAULT_WAKING_MS = 30_000;

/**
 * What an emulated cloud contains and how long its changes take.
 *
 * @public
 */
export interface CloudOptions {
  /**
   * The organizations, keys, services and pipes that exist at the start.
   * @default one organization with one service of 2 cores and one Postgres pipe
   */
  readonly seed?: Seed | undefined;
  /**
   * How long a change of size takes to arrive, in milliseconds.
   * @default [180_000, 300_000]
   */
  readonly convergenceMs?: ConvergenceMs | undefined;
  /**
   * How long an idle or stopped service takes to wake, in milliseconds.
   * @default 30_000
   */
  readonly wakingMs?: number | undefined;
  /**
   * How long the initial load of a created or resynced pipe takes, in milliseconds. A pipe's own `snapshotMs` in the seed
   * takes precedence.
   * @default 600_000
   */
  readonly snapshotMs?: number | undefined;
  /**
   * How long a created pipe is in the state Provisioning, in milliseconds. A pipe's own `provisioningMs` in the seed takes precedence.
   * @default 30_000
   */
  readonly provisioningMs?: number | undefined;
  /**
   * How long a created pipe is in the state Setup, in milliseconds. A pipe's own `setupMs` in the seed takes precedence.
   * @default 30_000
   */
  readonly setupMs?: number | undefined;
  /**
   * Where the cloud reads the time.
   * @default the system clock
   */
  readonly clock?: EmulatorClock | undefined;
  /**
   * Seed of the random numbers. The same number draws the same convergence times. No effect if `convergenceMs` is fixed.
   * @default 1
   */
  readonly randomSeed?: number | undefined;
  /**
   * Behaviors that ClickHouse's documentation leaves open.
   * @default DEFAULT_GUESSES
   */
  readonly guesses?: Partial<Guesses> | undefined;
}

/** Fills in the default of every option that is missing. */
export function resolveCloudOptions(options: CloudOptions) {
  return {
    seed: options.seed ?? DEFAULT_SEED,
    convergenceMs: options.convergenceMs ?? DEFAULT_CONVERGENCE_MS,
    wakingMs: options.wakingMs ?? DEFAULT_WAKING_MS,
    pipeDurations: {
      provisioningMs: options.provisioningMs ?? DEFAULT_PROVISIONING_MS,
      setupMs: options.setupMs ?? DEFAULT_SETUP_MS,
      snapshotMs: options.snapshotMs ?? DEFAULT_SNAPSHOT_MS,
    },
    clock: options.clock ?? wallClock,
    randomSeed: options.randomSeed ?? 1,
    guesses: { ...DEFAULT_GUESSES, ...options.guesses },
  };
}
