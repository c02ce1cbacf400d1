import type { Cloud } from "../cloud/cloud";
import type { Service } from "../cloud/service";
import { type ApiResponse, respondWithText } from "./responses";

/**
 * Returns the metrics of a service as Prometheus text, as far as this package reads them: the bytes that the initial load of each database
 * pipe has fetched. An idle service has no metrics of its pipes. ClickHouse refreshes them every minute, the emulator at once.
 */
export function getMetrics(cloud: Cloud, service: Service): ApiResponse {
  const info = `ClickHouse_ServiceInfo{${formatLabels({ clickhouse_service: service.id })}} 1`;
  if (service.state === "idle") return respondWithText(`${info}\n`);
  const nowMs = cloud.clock.now();
  const lines = service.dbPipes.map((pipe) => {
    const labels = {
      clickhouse_service: service.id,
      clickpipe_id: pipe.id,
      clickpipe_name: pipe.name,
      clickpipe_source: pipe.kind,
      clickpipe_state: pipe.getState(nowMs),
    };
    return `ClickPipes_FetchedBytesInitialLoad_Total{${formatLabels(labels)}} ${pipe.getLoadedBytes(nowMs)}`;
  });
  return respondWithText([info, ...lines, ""].join("\n"));
}

function formatLabels(labels: Readonly<Record<string, string>>): string {
  return Object.entries(labels)
    .map(([name, value]) => `${name}="${value.replace(/["\\]/g, "\\$&").replace(/\n/g, "\\n")}"`)
    .join(",");
}
