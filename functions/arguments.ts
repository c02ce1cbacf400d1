import type * as pulumi from "@pulumi/pulumi";

/**
 * A service, as Inputs.
 *
 * @public
 */
export interface ServiceOutputArgs {
  /** The id of the service, a UUID. */
  serviceId: pulumi.Input<string>;
  /**
   * The id of the organization that owns the service, a UUID.
   *
   * @default Stack config `clickhouse:organizationId`, else environment `CLICKHOUSE_ORG_ID`, else the only organization that the key has
   * access to.
   */
  organizationId?: pulumi.Input<string | undefined> | undefined;
}

/**
 * The options of a function. Only `parent` has an effect: the resource on whose row Pulumi shows an error.
 *
 * @public
 */
export type FunctionOptions = Pick<pulumi.InvokeOptions, "parent">;

/**
 * The options of an Output form: those of {@link FunctionOptions}, and `dependsOn`, the resources that must exist first.
 *
 * @public
 */
export type FunctionOutputOptions = Pick<pulumi.InvokeOutputOptions, "parent" | "dependsOn">;
