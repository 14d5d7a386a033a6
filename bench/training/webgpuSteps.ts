import {beginnings, onJax} from "./jaxSteps.js";

// Run by table.ts in a process of its own: jax-js has one backend a process. Prints JSON.
const {network, batch} = beginnings();
console.log(JSON.stringify(await onJax(network, batch, "webgpu")));
process.exit();
