import assert from "node:assert/strict";
import { DEFAULT_ORGANIZATION_ID, DEFAULT_SERVICE_ID } from "../../emulator";
import { findResponseErrors, findRequestErrors } from "../support/openapi/check";

const service = `/v1/organizations/${DEFAULT_ORGANIZATION_ID}/services/${DEFAULT_SERVICE_ID}`;
const scaling = `${service}/clickpipesCdcScaling`;

describe("the validation against ClickHouse Cloud's OpenAPI document", () => {
  it("accepts a valid request", () => {
    const body = { replicaCpuMillicores: 4_000, replicaMemoryGb: 16 };
    assert.deepEqual(findRequestErrors({ method: "PATCH", path: scaling, body }), []);
  });

  it("rejects a path that is not in the document", () => {
    const path = `${service}/clickpipesScaling`;
    assert.deepEqual(findRequestErrors({ method: "GET", path }), [`the document has no GET ${path}`]);
  });

  it("rejects a method that the path does not have", () => {
    assert.deepEqual(findRequestErrors({ method: "PUT", path: scaling }), [
      `the document has no PUT ${scaling}`,
    ]);
  });

  it("rejects an id in a path that is not a UUID", () => {
    assert.deepEqual(findRequestErrors({ method: "GET", path: "/v1/organizations/acme" }), [
      '{organizationId} must match format "uuid"',
    ]);
  });

  it("rejects a body if the operation takes none", () => {
    assert.deepEqual(findRequestErrors({ method: "GET", path: scaling, body: {} }), [
      `GET ${scaling} takes no body`,
    ]);
  });

  it("rejects a missing body", () => {
    assert.deepEqual(findRequestErrors({ method: "PATCH", path: scaling }), ["body must be object"]);
  });

  it("rejects a property that is not in the document", () => {
    assert.deepEqual(findRequestErrors({ method: "PATCH", path: scaling, body: { cores: 4 } }), [
      "body must NOT have additional properties (cores)",
    ]);
  });

  it("rejects a value outside the document's limits", () => {
    assert.deepEqual(findRequestErrors({ method: "PATCH", path: scaling, body: { replicaMemoryGb: 132 } }), [
      "body/replicaMemoryGb must be <= 128",
    ]);
  });

  it("accepts a valid response", () => {
    const body = { status: 200, requestId: crypto.randomUUID(), result: { replicaCpuMillicores: 2_000 } };
    assert.deepEqual(findResponseErrors({ method: "GET", path: scaling }, { status: 200, body }), []);
  });

  it("rejects a response whose result has the wrong type", () => {
    const body = { status: 200, result: "2000" };
    assert.deepEqual(findResponseErrors({ method: "GET", path: scaling }, { status: 200, body }), [
      "body/result must be object",
    ]);
  });

  it("rejects a response with a state that is not in the document", () => {
    const path = `${service}/clickpipes`;
    const body = { status: 200, result: [{ state: "Asleep" }] };
    assert.deepEqual(findResponseErrors({ method: "GET", path }, { status: 200, body }), [
      "body/result/0/state must be equal to one of the allowed values",
    ]);
  });

  it("rejects a response without a required field", () => {
    const body = { status: 200, result: { autoscalingMode: "vertical" } };
    assert.deepEqual(findResponseErrors({ method: "GET", path: service }, { status: 200, body }), [
      "body/result must have required property 'currentScaling'",
    ]);
  });

  it("rejects a response with a field that is not in the document", () => {
    const body = { status: 500, message: "oops" };
    assert.deepEqual(findResponseErrors({ method: "GET", path: service }, { status: 500, body }), [
      "body must NOT have additional properties (message)",
    ]);
  });

  it("rejects a status that is not in the document", () => {
    assert.deepEqual(findResponseErrors({ method: "GET", path: service }, { status: 418, body: {} }), [
      `GET ${service} has no response 418`,
    ]);
  });
});
