import type * as dynamic from "@pulumi/pulumi/dynamic";
import { GrpcEngine } from "./engine";
import type { CheckedInputs } from "./inputs";
import { CdcScalingProvider } from "./provider";
import { Session } from "./session";
import type { State } from "./state";
import { systemClock } from "./wait/clock";

type Front = Pick<
  Required<dynamic.ResourceProvider<CheckedInputs, State>>,
  "configure" | "check" | "diff" | "create" | "read" | "update" | "delete"
>;

/**
 * What Pulumi's dynamic-provider process loads: one provider for all resources of a run, so that they share one limit.
 * The name of this module and of this constant are in the state of every resource: they stay as they are.
 */
const core: Front = new CdcScalingProvider(new Session(new GrpcEngine(systemClock), systemClock));

export const provider: Front = {
  configure: (request) => core.configure(request),
  check: (olds, news) => withoutStack(core.check(olds, news)),
  diff: (id, olds, news) => withoutStack(core.diff(id, olds, news)),
  create: (inputs) => withoutStack(core.create(inputs)),
  read: (id, props) => withoutStack(core.read(id, props)),
  update: (id, olds, news) => withoutStack(core.update(id, olds, news)),
  delete: (id, props) => withoutStack(core.delete(id, props)),
};

/** Pulumi prints the stack of what check, diff, read and delete throw; the message says it all. */
async function withoutStack<Result>(work: Promise<Result>): Promise<Result> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof Error) error.stack = "";
    throw error;
  }
}
