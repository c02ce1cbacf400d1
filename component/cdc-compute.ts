import * as pulumi from "@pulumi/pulumi";
import { CdcScaling, type CdcScalingArgs } from "../provider/dynamic/resource";
import { suppressStackTraces } from "../provider/dynamic/stack-traces";
import { computeCost, type LastBurst, LIST_PRICE, type Phase, toSize } from "../sizing";

/** What {@link CdcCompute} takes; the same as {@link CdcScaling}. */
export type CdcComputeArgs = CdcScalingArgs;

/**
 * The compute of one ClickHouse Cloud service's database ClickPipes (Postgres, MySQL, MongoDB, BigQuery), at a declared size.
 *
 * `pulumi up` returns when the service was seen at the size, which takes ClickHouse 3 to 5 minutes; `customTimeouts` bound the
 * wait (default: create 30 minutes, of which a third for the service's first database ClickPipe to appear; update and
 * delete 20). Destroy puts back the size from before, or `coresAfterDestroy`. With `initialLoad` an `up` goes to the burst size
 * while pipes take their initial load, and back to `cores` once they don't.
 *
 * Errors: bad arguments fail the preview, all of one resource at once; a wait that runs out keeps the resource with the size
 * last seen, and the next `up` goes on waiting.
 *
 * Source: https://clickhouse.com/docs/integrations/clickpipes/postgres/scaling
 *
 * @example
 * ```ts
 * const compute = new CdcCompute("orders", { serviceId, cores: 8, maxUsdPerHour: 1 });
 * export const cost = compute.usdPerHour;
 * ```
 */
export class CdcCompute extends pulumi.ComponentResource {
  /** Cores per replica, as last seen. */
  readonly cores: pulumi.Output<number>;
  /** The id of the organization that owns the service. */
  readonly organizationId: pulumi.Output<string>;
  /** Cores just before this resource's first change; none where it never changed anything. */
  readonly baselineCores: pulumi.Output<number | undefined>;
  /** Cores that were asked for and have not been seen yet. */
  readonly pendingCores: pulumi.Output<number | undefined>;
  /** The declared `cores`; only with `initialLoad`. */
  readonly steadyCores: pulumi.Output<number | undefined>;
  /** What the size was chosen by, when it was last changed; only with `initialLoad`. */
  readonly phase: pulumi.Output<Phase | undefined>;
  /** Why, with the pipes' names and, during a burst, its cost; only with `initialLoad`. */
  readonly phaseReason: pulumi.Output<string | undefined>;
  /** Since when the burst is decided, in ISO 8601; only during one. */
  readonly burstSince: pulumi.Output<string | undefined>;
  /** The newest burst that has ended: its cores, and from when to when the service had them; only with `initialLoad`. */
  readonly lastBurst: pulumi.Output<LastBurst | undefined>;

  private readonly scaling: CdcScaling;

  constructor(name: string, args: CdcComputeArgs, opts: pulumi.ComponentResourceOptions = {}) {
    const traces = suppressStackTraces(opts);
    try {
      super("clickpipes:index:CdcCompute", name, {}, opts);
      const scaling = new CdcScaling(name, args, childOptions(this, opts));
      this.scaling = scaling;
      this.cores = scaling.cores;
      this.organizationId = scaling.organizationId;
      this.baselineCores = scaling.baselineCores;
      this.pendingCores = scaling.pendingCores;
      this.steadyCores = scaling.steadyCores;
      this.phase = scaling.phase;
      this.phaseReason = scaling.phaseReason;
      this.burstSince = scaling.burstSince;
      this.lastBurst = scaling.lastBurst;
      this.registerOutputs(outputsOf(scaling, args));
    } catch (error) {
      throw traces.traced(error);
    } finally {
      traces.end();
    }
  }

  /** Thousandths of a core per replica. */
  get replicaCpuMillicores(): pulumi.Output<number> {
    return this.own("replicaCpuMillicores");
  }

  /** Gigabytes of memory per replica. */
  get replicaMemoryGb(): pulumi.Output<number> {
    return this.own("replicaMemoryGb");
  }

  /** What ClickHouse bills: 2 cores and 8 GB are one unit. */
  get computeUnits(): pulumi.Output<number> {
    return this.own("computeUnits");
  }

  /** US dollars an hour at the price of the day the size was set, rounded to cents. */
  get usdPerHour(): pulumi.Output<number> {
    return this.own("usdPerHour");
  }

  /** US dollars in 730 hours, rounded to cents. */
  get usdPerMonth(): pulumi.Output<number> {
    return this.own("usdPerMonth");
  }

  /** From `cores` where the resource has no value of its own: under Pulumi's mocks no provider fills the others in. */
  private own(name: keyof Derived): pulumi.Output<number> {
    const { cores } = this.scaling;
    const usdPerComputeUnitHour =
      new pulumi.Config("clickpipes").getNumber("usdPerComputeUnitHour") ?? LIST_PRICE.usdPerComputeUnitHour;
    const derived = cores.apply(
      (seen) => ({ ...toSize(seen), ...computeCost(seen, usdPerComputeUnitHour) })[name],
    );
    // An Output may come out of `apply` as well as a number; its types take one or the other.
    return this.scaling[name].apply((value?: number) => (value ?? derived) as number);
  }
}

/** What Pulumi keeps of the component, and shows: what the resource has. */
function outputsOf(scaling: CdcScaling, { initialLoad }: CdcComputeArgs): pulumi.Inputs {
  const { steadyCores, phase, phaseReason, burstSince, lastBurst } = scaling;
  return {
    cores: scaling.cores,
    replicaCpuMillicores: scaling.replicaCpuMillicores,
    replicaMemoryGb: scaling.replicaMemoryGb,
    computeUnits: scaling.computeUnits,
    usdPerHour: scaling.usdPerHour,
    usdPerMonth: scaling.usdPerMonth,
    organizationId: scaling.organizationId,
    baselineCores: scaling.baselineCores,
    pendingCores: scaling.pendingCores,
    ...(initialLoad === undefined ? {} : { steadyCores, phase, phaseReason, burstSince, lastBurst }),
  };
}

/** Pulumi hands some options of a component on to its children, but not these. */
function childOptions(
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

/** What follows from a number of cores. */
type Derived = ReturnType<typeof toSize> & ReturnType<typeof computeCost>;
