import * as pulumi from "@pulumi/pulumi";
import { CdcScaling, type CdcScalingArgs } from "../provider/resource";
import { costOf, LIST_PRICE, type Phase, sizeOf } from "../sizing";

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
  /** Thousandths of a core per replica. */
  readonly replicaCpuMillicores: pulumi.Output<number>;
  /** Gigabytes of memory per replica. */
  readonly replicaMemoryGb: pulumi.Output<number>;
  /** What ClickHouse bills: 2 cores and 8 GB are one unit. */
  readonly computeUnits: pulumi.Output<number>;
  /** US dollars an hour at the price of the day the size was set, rounded to cents. */
  readonly usdPerHour: pulumi.Output<number>;
  /** US dollars in 730 hours, rounded to cents. */
  readonly usdPerMonth: pulumi.Output<number>;
  /** The id of the organisation that owns the service. */
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

  constructor(name: string, args: CdcComputeArgs, opts: pulumi.ComponentResourceOptions = {}) {
    super("clickpipes:index:CdcCompute", name, {}, opts);
    const scaling = new CdcScaling(name, args, childOptions(this, opts));

    // From `cores` where the resource has no value of its own: under Pulumi's mocks no provider fills the others in.
    const { cores } = scaling;
    const usdPerComputeUnitHour =
      new pulumi.Config("clickpipes").getNumber("usdPerComputeUnitHour") ?? LIST_PRICE.usdPerComputeUnitHour;
    const derived = (name: keyof Derived) =>
      cores.apply((seen) => ({ ...sizeOf(seen), ...costOf(seen, usdPerComputeUnitHour) })[name]);
    // An Output may come out of `apply` as well as a number; its types take one or the other.
    const own = (name: keyof Derived) =>
      scaling[name].apply((value?: number) => (value ?? derived(name)) as number);

    this.cores = cores;
    this.replicaCpuMillicores = own("replicaCpuMillicores");
    this.replicaMemoryGb = own("replicaMemoryGb");
    this.computeUnits = own("computeUnits");
    this.usdPerHour = own("usdPerHour");
    this.usdPerMonth = own("usdPerMonth");
    this.organizationId = scaling.organizationId;
    this.baselineCores = scaling.baselineCores;
    this.pendingCores = scaling.pendingCores;
    this.steadyCores = scaling.steadyCores;
    this.phase = scaling.phase;
    this.phaseReason = scaling.phaseReason;
    this.burstSince = scaling.burstSince;
    this.registerOutputs({
      cores: this.cores,
      replicaCpuMillicores: this.replicaCpuMillicores,
      replicaMemoryGb: this.replicaMemoryGb,
      computeUnits: this.computeUnits,
      usdPerHour: this.usdPerHour,
      usdPerMonth: this.usdPerMonth,
      organizationId: this.organizationId,
      baselineCores: this.baselineCores,
      pendingCores: this.pendingCores,
      steadyCores: this.steadyCores,
      phase: this.phase,
      phaseReason: this.phaseReason,
      burstSince: this.burstSince,
    });
  }
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
type Derived = ReturnType<typeof sizeOf> & ReturnType<typeof costOf>;
