import { Core } from "../core";
import { ProviderContext } from "../operation/context";
import { getResourceName } from "../state/urn";
import { systemClock } from "../wait/clock";
import { GrpcEngine } from "./grpc-engine";
import { readHidden } from "./hidden-properties";
import { PriceFilter } from "./price-filter";
import { DynamicProvider } from "./provider";
import { RequestTimeouts } from "./request-timeouts";

/**
 * The methods that Pulumi calls.
 *
 * @internal
 */
export type Front = Pick<
  DynamicProvider,
  "configure" | "check" | "diff" | "create" | "read" | "update" | "delete"
>;

const timeouts = new RequestTimeouts();
timeouts.listen();

const priceFilter = new PriceFilter(new GrpcEngine(systemClock));

const inner: Front = new DynamicProvider(new Core(new ProviderContext(priceFilter, systemClock)), {
  timeouts,
  priceFilter,
});

/**
 * The provider that Pulumi's dynamic-provider process loads: one for all resources of a run, so that they share one rate limit.
 * The names of this module and of this constant are in the state of every resource, so they must not change.
 *
 * @internal
 */
export const provider: Front = {
  configure: (request) => inner.configure(request),
  check: (olds, news) => withoutTrace(news, inner.check(olds, news)),
  diff: (id, olds, news) => withoutTrace(news, inner.diff(id, olds, news)),
  create: (inputs) => inner.create(inputs),
  read: (id, props) => withoutTrace(props, inner.read(id, props)),
  update: (id, olds, news) => inner.update(id, olds, news),
  delete: (id, props) => withoutTrace(props, inner.delete(id, props)),
};

/**
 * If check, diff, read or delete throws, the SDK prints the error with its stack under the program, and the engine shows the message on
 * the row of the resource. Once is enough, so the SDK gets only the name of the resource.
 */
async function withoutTrace<Result>(properties: unknown, work: Promise<Result>): Promise<Result> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof Error) {
      error.toString = () => getResourceName(readHidden(properties).__urn) || "CdcScaling";
      error.stack = "failed; its own row has the reason";
    }
    throw error;
  }
}
