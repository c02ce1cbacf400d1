/*
 * A STAND-IN. No SDK of ClickHouse, and no generated code.
 *
 * It is here so that the example compiles and runs under mocks without the package that
 * `pulumi package add terraform-provider ClickHouse/clickhouse 3.25.3` generates on your machine. It has the resource's type and the inputs
 * that the example sets, written by hand from the provider's documentation and not compared with the generated package. A real run needs
 * that package: delete this file, and import the package in its place. The README has the steps.
 *
 * Source: docs/resources/clickpipe.md of https://github.com/ClickHouse/terraform-provider-clickhouse at 3.25.3 (read November 2026)
 */
import * as pulumi from "@pulumi/pulumi";

export interface ClickpipeArgs {
  name: pulumi.Input<string>;
  serviceId: pulumi.Input<string>;
  source: pulumi.Input<{ postgres: pulumi.Input<PostgresSource> }>;
  destination: pulumi.Input<{ database: pulumi.Input<string> }>;
}

export interface PostgresSource {
  type: pulumi.Input<string>;
  host: pulumi.Input<string>;
  port: pulumi.Input<number>;
  database: pulumi.Input<string>;
  credentials: pulumi.Input<{ username: pulumi.Input<string>; password: pulumi.Input<string> }>;
  settings: pulumi.Input<{
    replicationMode: pulumi.Input<string>;
    publicationName: pulumi.Input<string>;
    initialLoadParallelism: pulumi.Input<number>;
  }>;
  tableMappings: pulumi.Input<pulumi.Input<TableMapping>[]>;
}

export interface TableMapping {
  sourceSchemaName: pulumi.Input<string>;
  sourceTable: pulumi.Input<string>;
  targetTable: pulumi.Input<string>;
}

export class Clickpipe extends pulumi.CustomResource {
  constructor(name: string, args: ClickpipeArgs, opts?: pulumi.CustomResourceOptions) {
    super("clickhouse:index/clickpipe:Clickpipe", name, args, opts);
  }
}
