import {writeArtifact} from "../../data-loaders/pipeline/artifact.js";

await writeArtifact("ct-slices.arrow");
