import { z } from "zod";
import { toPlainLine } from "../text/plain-text";

/**
 * The responses of ClickHouse Cloud's API, as far as this package reads them. Unknown fields are ignored.
 * Source: the official OpenAPI document (`/v1/organizations/...`), read 2026-08.
 */

/** Text that somebody chose or another system wrote. It is shown in messages and stored in the state. */
const text = z.string().transform(toPlainLine);

const requestId = z.string().optional().catch(undefined);

export const errorEnvelopeSchema = z.object({ error: z.string().optional().catch(undefined), requestId });

export const scalingSchema = z.object({
  replicaCpuMillicores: z.number().int().positive(),
  replicaMemoryGb: z.number().positive(),
});

export const organizationSchema = z.object({ id: z.string().min(1), name: text.optional() });

export const serviceSchema = z.object({
  id: z.string().min(1),
  name: text.optional(),
  state: text,
});

/** What marks a pipe as a database ClickPipe: one of these sources is set. */
const DB_SOURCES = ["postgres", "mysql", "mongodb", "bigquery"] as const;

export type DbSource = (typeof DB_SOURCES)[number];

export const clickPipeSchema = z.object({
  id: z.string().min(1),
  name: text.optional(),
  state: text,
  createdAt: z.iso.datetime({ offset: true }).optional().catch(undefined),
  source: z.record(z.string(), z.unknown()).nullish(),
});

const optionalCount = z.number().positive().optional().catch(undefined);

/** How a database pipe loads; what is missing or makes no sense counts as left at its default. */
const dbSourceSchema = z.object({
  settings: z
    .object({
      replicationMode: z.enum(["cdc", "snapshot", "cdc_only"]).optional().catch(undefined),
      initialLoadParallelism: optionalCount,
      snapshotNumRowsPerPartition: optionalCount,
      snapshotNumberOfParallelTables: optionalCount,
    })
    .catch({}),
});

export type Scaling = z.infer<typeof scalingSchema>;
export type Organization = z.infer<typeof organizationSchema>;
export type Service = z.infer<typeof serviceSchema>;
export type ClickPipe = z.infer<typeof clickPipeSchema>;
export type DbSettings = z.infer<typeof dbSourceSchema>["settings"];

export function getDbSource(pipe: ClickPipe): DbSource | undefined {
  return DB_SOURCES.find((source) => pipe.source?.[source] != null);
}

export function getDbSettings(pipe: ClickPipe): DbSettings {
  const source = getDbSource(pipe);
  return dbSourceSchema.safeParse(source === undefined ? {} : pipe.source?.[source]).data?.settings ?? {};
}

export function createEnvelopeSchema<Result extends z.ZodType>(result: Result) {
  return z.object({ requestId, result });
}
