import * as postgresql from "@pulumi/postgresql";
import * as pulumi from "@pulumi/pulumi";
import { CdcCompute } from "pulumi-clickpipes";

const config = new pulumi.Config();
const database = config.require("database");

/** What ClickPipes logs in as at the source. */
const reader = new postgresql.Role("clickpipes", {
  name: "clickpipes",
  login: true,
  replication: true,
  password: config.requireSecret("readerPassword"),
});

const mayEnter = new postgresql.Grant("clickpipes-enters", {
  database,
  schema: "public",
  objectType: "schema",
  privileges: ["USAGE"],
  role: reader.name,
});

/** No objects named: all tables of the schema. */
const mayRead = new postgresql.Grant("clickpipes-reads", {
  database,
  schema: "public",
  objectType: "table",
  privileges: ["SELECT"],
  role: reader.name,
});

/** What the Postgres ClickPipe subscribes to. */
const publication = new postgresql.Publication("clickpipes", {
  name: "clickpipes",
  database,
  tables: config.requireObject<string[]>("tables"),
});

const compute = new CdcCompute(
  "orders",
  { serviceId: config.require("serviceId"), cores: config.requireNumber("cores") },
  // More compute only helps once the source can be read.
  { dependsOn: [mayEnter, mayRead, publication] },
);

export const publicationName = publication.name;
export const { usdPerHour } = compute;
