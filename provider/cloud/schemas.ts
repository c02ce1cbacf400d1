import { z } from "zod";

/**
 * The answers of ClickHouse Cloud's API, as far as this package reads them; unknown fields are let through.
 * Source: the official OpenAPI document (`/v1/organizations/...`), read 2026-08.
 */

const requestId = z.string().optional().catch(undefined);

export const errorEnvelope = z.object({ error: z.string().optional().catch(undefined), requestId });

export const scaling = z.object({
  replicaCpuMillicores: z.number().int().positive(),
  replicaMemoryGb: z.number().positive(),
});

export const organization = z.object({ id: z.string().min(1), name: z.string().optional() });

export const service = z.object({ id: z.string().min(1), name: z.string().optional(), state: z.string() });

/** What marks a pipe as a database ClickPipe: one of these sources is set. */
const DB_SOURCES = ["postgres", "mysql", "mongodb", "bigquery"] as const;

export type DbSource = (typeof DB_SOURCES)[number];

export const clickPipe = z.object({
  id: z.string().min(1),
  name: z.string().optional(),
  state: z.string(),
  createdAt: z.iso.datetime({ offset: true }).optional().catch(undefined),
  source: z.record(z.string(), z.unknown()).nullish(),
});

const optionalCount = z.number().positive().optional().catch(undefined);

/** How a database pipe loads; what is missing or makes no sense counts as left at its default. */
const dbSource = z.object({
  settings: z
    .object({
      replicationMode: z.enum(["cdc", "snapshot", "cdc_only"]).optional().catch(undefined),
      initialLoadParallelism: optionalCount,
      snapshotNumRowsPerPartition: optionalCount,
      snapshotNumberOfParallelTables: optionalCount,
    })
    .catch({}),
});

export type Scaling = z.infer<typeof scaling>;
export type Organization = z.infer<typeof organization>;
export type Service = z.infer<typeof service>;
export type ClickPipe = z.infer<typeof clickPipe>;
export type DbSettings = z.infer<typeof dbSource>["settings"];

export function dbSourceOf(pipe: ClickPipe): DbSource | undefined {
  return DB_SOURCES.find((source) => pipe.source?.[source] != null);
}

export function dbSettingsOf(pipe: ClickPipe): DbSettings {
  const source = dbSourceOf(pipe);
  return dbSource.safeParse(source === undefined ? {} : pipe.source?.[source]).data?.settings ?? {};
}

export function answerOf<Result extends z.ZodType>(result: Result) {
  return z.object({ requestId, result });
}
