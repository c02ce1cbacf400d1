import assert from "node:assert/strict";
import { DEFAULT_ORGANIZATION_ID, DEFAULT_SERVICE_ID } from "../../emulator";
import { answerFaults, requestFaults } from "../support/openapi/check";

const service = `/v1/organizations/${DEFAULT_ORGANIZATION_ID}/services/${DEFAULT_SERVICE_ID}`;
const scaling = `${service}/clickpipesCdcScaling`;

describe("the check against ClickHouse Cloud's OpenAPI document", () => {
  it("lets a right request pass", () => {
    const body = { replicaCpuMillicores: 4_000, replicaMemoryGb: 16 };
    assert.deepEqual(requestFaults({ method: "PATCH", path: scaling, body }), []);
  });

  it("refuses a path that the document does not have", () => {
    const path = `${service}/clickpipesScaling`;
    assert.deepEqual(requestFaults({ method: "GET", path }), [`the document has no GET ${path}`]);
  });

  it("refuses a method that the path does not have", () => {
    assert.deepEqual(requestFaults({ method: "PUT", path: scaling }), [`the document has no PUT ${scaling}`]);
  });

  it("refuses an id in a path that is no UUID", () => {
    assert.deepEqual(requestFaults({ method: "GET", path: "/v1/organizations/acme" }), [
      '{organizationId} must match format "uuid"',
    ]);
  });

  it("refuses a body where none is taken", () => {
    assert.deepEqual(requestFaults({ method: "GET", path: scaling, body: {} }), [
      `GET ${scaling} takes no body`,
    ]);
  });

  it("refuses a missing body", () => {
    assert.deepEqual(requestFaults({ method: "PATCH", path: scaling }), ["body must be object"]);
  });

  it("refuses a property that the document does not have", () => {
    assert.deepEqual(requestFaults({ method: "PATCH", path: scaling, body: { cores: 4 } }), [
      "body must NOT have additional properties (cores)",
    ]);
  });

  it("refuses a value outside the document's limits", () => {
    assert.deepEqual(requestFaults({ method: "PATCH", path: scaling, body: { replicaMemoryGb: 132 } }), [
      "body/replicaMemoryGb must be <= 128",
    ]);
  });

  it("lets a right answer pass", () => {
    const body = { status: 200, requestId: crypto.randomUUID(), result: { replicaCpuMillicores: 2_000 } };
    assert.deepEqual(answerFaults({ method: "GET", path: scaling }, { status: 200, body }), []);
  });

  it("refuses an answer whose result is of another kind", () => {
    const body = { status: 200, result: "2000" };
    assert.deepEqual(answerFaults({ method: "GET", path: scaling }, { status: 200, body }), [
      "body/result must be object",
    ]);
  });

  it("refuses an answer with a state that the document does not have", () => {
    const path = `${service}/clickpipes`;
    const body = { status: 200, result: [{ state: "Asleep" }] };
    assert.deepEqual(answerFaults({ method: "GET", path }, { status: 200, body }), [
      "body/result/0/state must be equal to one of the allowed values",
    ]);
  });

  it("refuses an answer without a field that the document requires", () => {
    const body = { status: 200, result: { autoscalingMode: "vertical" } };
    assert.deepEqual(answerFaults({ method: "GET", path: service }, { status: 200, body }), [
      "body/result must have required property 'currentScaling'",
    ]);
  });

  it("refuses an answer with a field that the document does not have", () => {
    const body = { status: 500, message: "oops" };
    assert.deepEqual(answerFaults({ method: "GET", path: service }, { status: 500, body }), [
      "body must NOT have additional properties (message)",
    ]);
  });

  it("refuses a status that the document does not have", () => {
    assert.deepEqual(answerFaults({ method: "GET", path: service }, { status: 418, body: {} }), [
      `GET ${service} has no answer 418`,
    ]);
  });
});
