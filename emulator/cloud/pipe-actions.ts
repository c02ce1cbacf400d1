import type { Cloud } from "./cloud";

/** What a user can do to a pipe, by the names that the command line and the control API take. */
export const PIPE_ACTIONS = {
  pause: (cloud, serviceId, pipeId) => cloud.getPipe(serviceId, pipeId).pause(cloud.clock.now()),
  start: (cloud, serviceId, pipeId) => cloud.getPipe(serviceId, pipeId).start(cloud.clock.now()),
  stop: (cloud, serviceId, pipeId) => cloud.getPipe(serviceId, pipeId).stop(cloud.clock.now()),
  resync: (cloud, serviceId, pipeId) => cloud.getPipe(serviceId, pipeId).resync(cloud.clock.now()),
  fail: (cloud, serviceId, pipeId) => cloud.setPipeState(serviceId, pipeId, "Failed"),
  remove: (cloud, serviceId, pipeId) => cloud.removePipe(serviceId, pipeId),
} as const satisfies Record<string, (cloud: Cloud, serviceId: string, pipeId: string) => unknown>;

export type PipeAction = keyof typeof PIPE_ACTIONS;

export function isPipeAction(name: string): name is PipeAction {
  return Object.hasOwn(PIPE_ACTIONS, name);
}
