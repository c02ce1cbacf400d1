/**
 * The sizes that a service's database ClickPipes can have.
 * Source: ClickHouse Cloud API reference, `clickpipesCdcScaling`, read 2026-08.
 */

/** Each core comes with this much memory. */
export const MEMORY_GB_PER_CORE = 4;

export const MILLICORES_PER_CORE = 1000;

/** ClickHouse bills 2 cores and 8 GB as one compute unit. */
export const CORES_PER_COMPUTE_UNIT = 2;

export const MIN_CORES = 1;

/** The maximum of ClickHouse's pages for MySQL and MongoDB and of the Terraform provider. The page for Postgres says 32. Read 2026-11. */
export const DOCUMENTED_MAX_CORES = 24;

/** The maximum of the newest OpenAPI document. A stack opts in with `maxCores`. */
export const OPENAPI_MAX_CORES = 32;

/** A size in the units of the API. */
export interface Size {
  readonly replicaCpuMillicores: number;
  readonly replicaMemoryGb: number;
}

export function toSize(cores: number): Size {
  return {
    replicaCpuMillicores: cores * MILLICORES_PER_CORE,
    replicaMemoryGb: cores * MEMORY_GB_PER_CORE,
  };
}

/** The cores of an observed size. They may be a fraction, because a service can have a size that the API doesn't accept. */
export function toCores(size: Size): number {
  return size.replicaCpuMillicores / MILLICORES_PER_CORE;
}

export function isSameSize(a: Size, b: Size): boolean {
  return a.replicaCpuMillicores === b.replicaCpuMillicores && a.replicaMemoryGb === b.replicaMemoryGb;
}

export function findNearestLegalCores(cores: number, maxCores: number): number {
  if (Number.isNaN(cores)) return MIN_CORES;
  return Math.min(maxCores, Math.max(MIN_CORES, Math.round(cores)));
}

/** Formats a change for a row of a terminal: "2 → 8 cores". With memory if it doesn't follow from the cores. */
export function formatChange(from: Size, to: Size): string {
  const isUsual = [from, to].every((size) => isSameSize(size, toSize(toCores(size))));
  if (!isUsual) return `${formatSize(from)} → ${formatSize(to)}`;
  return `${toCores(from)} → ${toCores(to)} ${toCores(to) === 1 ? "core" : "cores"}`;
}

/** Formats a size: "8 cores (32 GB)". */
export function formatSize(size: Size): string {
  const cores = toCores(size);
  return `${cores} ${cores === 1 ? "core" : "cores"} (${size.replicaMemoryGb} GB)`;
}
