import type * as pulumi from "@pulumi/pulumi";

/** The same, known now or later. */
export interface ServiceOutputArgs {
  /** The service's id, a UUID. */
  serviceId: pulumi.Input<string>;
  /** The id of the organization that owns the service, a UUID. Default: as in {@link ServiceArgs}. */
  organizationId?: pulumi.Input<string | undefined> | undefined;
}

/**
 * What of Pulumi's options for functions has an effect here, where no provider's plugin is asked: `parent`, the resource on
 * whose row a failure is shown. Default: the stack's.
 */
export type FunctionOptions = Pick<pulumi.InvokeOptions, "parent">;

/** As {@link FunctionOptions}, and `dependsOn`: resources that have to be there first. Default: none. */
export type FunctionOutputOptions = Pick<pulumi.InvokeOutputOptions, "parent" | "dependsOn">;
