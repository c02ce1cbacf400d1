import type * as dynamic from "@pulumi/pulumi/dynamic";
import { GrpcEngine } from "./grpc-engine";
import type { CheckedInputs } from "../state/inputs";
import { CdcScalingProvider } from "../core";
import { ProviderContext } from "../operation/context";
import type { State } from "../state/stored-state";
import { systemClock } from "../wait/clock";
import { getResourceName } from "../state/urn";

type Front = Pick<
  Required<dynamic.ResourceProvider<CheckedInputs, State>>,
  "configure" | "check" | "diff" | "create" | "read" | "update" | "delete"
>;

const session = new ProviderContext(new GrpcEngine(systemClock), systemClock);
const core: Front = new CdcScalingProvider(session);

/**
 * What Pulumi's dynamic-provider process loads: one provider for all resources of a run, so that they share one limit.
 * The name of this module and of this constant are in the state of every resource: they stay as they are.
 */
export const provider: Front = {
  configure: (request) => core.configure(request),
  check: (olds, news) => quietly(news.__urn, core.check(olds, news)),
  diff: (id, olds, news) => quietly(news.__urn, core.diff(id, olds, news)),
  create: (inputs) => core.create(inputs),
  read: (id, props) => quietly(props?.__urn, core.read(id, props)),
  update: (id, olds, news) => core.update(id, olds, news),
  delete: (id, props) => quietly(props.__urn, core.delete(id, props)),
};

/**
 * The SDK prints what check, diff, read and delete throw, with its stack, under the program; the engine then shows the
 * message on the resource's own row. Once is enough: what is printed names the resource alone.
 */
async function quietly<Result>(urn: string | undefined, work: Promise<Result>): Promise<Result> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof Error) {
      error.toString = () => getResourceName(urn ?? "") || "CdcScaling";
      error.stack = "failed, for the reason on its own row";
    }
    throw error;
  }
}
