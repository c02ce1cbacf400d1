const GB_PER_CORE = 4;
const MILLICORES_PER_CORE = 1_000;

/** The size of one replica as the API sends it. */
export interface ScalingBody {
  readonly replicaCpuMillicores: number;
  readonly replicaMemoryGb: number;
}

export function serializeScaling(cores: number): ScalingBody {
  return { replicaCpuMillicores: cores * MILLICORES_PER_CORE, replicaMemoryGb: cores * GB_PER_CORE };
}

/** Returns the error for the body of a PATCH. Undefined if it is a legal size. */
export function validateScaling(body: unknown, maxCores: number): string | undefined {
  if (typeof body !== "object" || body === null) return "The body must be an object";
  const { replicaCpuMillicores, replicaMemoryGb } = body as Record<string, unknown>;
  if (typeof replicaCpuMillicores !== "number" || typeof replicaMemoryGb !== "number") {
    return "replicaCpuMillicores and replicaMemoryGb must be numbers";
  }
  const cores = replicaCpuMillicores / MILLICORES_PER_CORE;
  if (!Number.isInteger(cores) || cores < 1 || cores > maxCores) {
    return `replicaCpuMillicores must be a multiple of 1000 from 1000 to ${maxCores * MILLICORES_PER_CORE}`;
  }
  if (replicaMemoryGb !== cores * GB_PER_CORE) return `replicaMemoryGb must be ${cores * GB_PER_CORE}`;
  return undefined;
}

/** Reads the cores per replica from a body that {@link validateScaling} accepts. */
export function parseCores(body: unknown): number {
  return (body as ScalingBody).replicaCpuMillicores / MILLICORES_PER_CORE;
}
