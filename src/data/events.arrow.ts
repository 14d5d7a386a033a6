import {writeArtifact} from "../../data-loaders/pipeline/artifact.js";

await writeArtifact("events.arrow");
