import * as pulumi from "@pulumi/pulumi";
import { CdcScaling, type CdcScalingArgs } from "../provider/dynamic/resource";
import { suppressStackTraces } from "../provider/dynamic/stack-traces";
import type { LastBurst, Phase } from "../sizing";
// Not from the index: a program shouldn't load the rest.
import { computeCost, LIST_PRICE } from "../sizing/price";
import { toSize } from "../sizing/size";

/**
 * The arguments of {@link CdcCompute}: those of {@link CdcScaling}.
 *
 * @public
 */
export type CdcComputeArgs = CdcScalingArgs;

/**
 * The size of the compute that the database ClickPipes (Postgres, MySQL, MongoDB, BigQuery) of a ClickHouse Cloud service share.
 *
 * `pulumi up` returns when the service has the size, which takes ClickHouse 3 to 5 minutes. `customTimeouts` limit the wait; the default is
 * 30 minutes for create, a third of it for the first database ClickPipe to appear, and 20 for update and delete. A destroy restores the
 * size from before, or `coresAfterDestroy`. With `initialLoad`, an `up` scales to the burst while pipes are in their initial load, and
 * back to `cores` when they are not.
 *
 * Errors: the preview lists all invalid arguments of a resource at once. After a timeout the resource keeps the last observed size, and the
 * next `up` resumes waiting.
 *
 * Source: https://clickhouse.com/docs/integrations/clickpipes/postgres/scaling
 *
 * @example
 * ```ts
 * const compute = new CdcCompute("orders", { serviceId, cores: 8, maxUsdPerHour: 1 });
 * export const cost = compute.usdPerHour;
 * ```
 *
 * @public
 */
export class CdcCompute extends pulumi.ComponentResource {
  /** The id of the service. */
  readonly serviceId: pulumi.Output<string>;
  /** Cores per replica: with `initialLoad` the declared steady size, else the last observed size. */
  readonly cores: pulumi.Output<number>;
  /** The id of the organization that owns the service. */
  readonly organizationId: pulumi.Output<string>;
  /** Cores per replica before this resource's first change. Undefined if it never changed the size. */
  readonly baselineCores: pulumi.Output<number | undefined>;
  /** Cores per replica of a change that was sent and has not been observed yet. Undefined if there is none. */
  readonly pendingCores: pulumi.Output<number | undefined>;
  /** Why the size was chosen when it last changed. `steady` without `initialLoad`. */
  readonly phase: pulumi.Output<Phase>;
  /** The phase in words, with the names of the pipes and the cost of a burst. */
  readonly phaseReason: pulumi.Output<string>;
  /** When the active burst started, in ISO 8601. Undefined if none is active. */
  readonly burstSince: pulumi.Output<string | undefined>;
  /** The last burst that has ended. Undefined without `initialLoad`. */
  readonly lastBurst: pulumi.Output<LastBurst | undefined>;

  private readonly scaling: CdcScaling;

  constructor(name: string, args: CdcComputeArgs, opts: pulumi.ComponentResourceOptions = {}) {
    const traces = suppressStackTraces(opts);
    try {
      super("clickpipes:index:CdcCompute", name, {}, opts);
      const scaling = new CdcScaling(name, args, pickChildOptions(this, opts));
      this.scaling = scaling;
      this.serviceId = scaling.serviceId;
      this.cores = scaling.cores;
      this.organizationId = scaling.organizationId;
      this.baselineCores = scaling.baselineCores;
      this.pendingCores = scaling.pendingCores;
      this.phase = scaling.phase;
      this.phaseReason = scaling.phaseReason;
      this.burstSince = scaling.burstSince;
      this.lastBurst = scaling.lastBurst;
      // None: Pulumi stores and shows those of the resource, and under Jest's `resetModules` the SDK ends the process if outputs of a
      // resource that is still being registered are registered again.
      this.registerOutputs();
    } catch (error) {
      throw traces.traced(error);
    } finally {
      traces.end();
    }
  }

  /** Cores per replica, as last observed. During an initial load, the burst. */
  get currentCores(): pulumi.Output<number> {
    return this.derive("currentCores");
  }

  /** Thousandths of a core per replica. */
  get replicaCpuMillicores(): pulumi.Output<number> {
    return this.derive("replicaCpuMillicores");
  }

  /** Gigabytes of memory per replica. */
  get replicaMemoryGb(): pulumi.Output<number> {
    return this.derive("replicaMemoryGb");
  }

  /** The units that ClickHouse bills. One unit has 2 cores and 8 GB. */
  get computeUnits(): pulumi.Output<number> {
    return this.derive("computeUnits");
  }

  /** US dollars per hour, rounded to cents, at the price of the last change or refresh. */
  get usdPerHour(): pulumi.Output<number> {
    return this.derive("usdPerHour");
  }

  /** US dollars per month of 730 hours, rounded to cents. */
  get usdPerMonth(): pulumi.Output<number> {
    return this.derive("usdPerMonth");
  }

  /** Derives a value from `cores` if the resource has none, because no provider sets it under Pulumi's mocks. */
  private derive(name: keyof Derived): pulumi.Output<number> {
    const { cores } = this.scaling;
    const usdPerComputeUnitHour =
      new pulumi.Config("clickpipes").getNumber("usdPerComputeUnitHour") ?? LIST_PRICE.usdPerComputeUnitHour;
    const derived = cores.apply(
      (known) =>
        ({ currentCores: known, ...toSize(known), ...computeCost(known, usdPerComputeUnitHour) })[name],
    );
    // `apply` takes a number or an Output, but its types don't take both.
    return this.scaling[name].apply((value?: number) => (value ?? derived) as number);
  }
}

/** The options that Pulumi doesn't pass on to the children of a component. */
function pickChildOptions(
  parent: CdcCompute,
  opts: pulumi.ComponentResourceOptions,
): pulumi.CustomResourceOptions {
  const { customTimeouts, ignoreChanges, replaceOnChanges } = opts;
  return {
    parent,
    ...(customTimeouts === undefined ? {} : { customTimeouts }),
    ...(ignoreChanges === undefined ? {} : { ignoreChanges }),
    ...(replaceOnChanges === undefined ? {} : { replaceOnChanges }),
  };
}

/** The values that follow from a number of cores. */
type Derived = { readonly currentCores: number } & ReturnType<typeof toSize> & ReturnType<typeof computeCost>;
