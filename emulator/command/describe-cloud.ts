import type { Cloud } from "../cloud/cloud";

/** Lists the services with their ids and sizes, and their pipes with ids and states, one per line. */
export function describeCloud(cloud: Cloud): string[] {
  const nowMs = cloud.clock.now();
  return cloud
    .listServices()
    .flatMap((service) => [
      `  service ${service.name}  ${service.id}  ${service.state}, ${cloud.getCores(service.id)} cores`,
      ...service.pipes.map(
        (pipe) => `    pipe ${pipe.name}  ${pipe.id}  ${pipe.kind}, ${pipe.getState(nowMs)}`,
      ),
    ]);
}
