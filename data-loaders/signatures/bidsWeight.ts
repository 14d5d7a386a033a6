import {readFile} from "node:fs/promises";
import path from "node:path";

/**
 * A participant's weight in kg from the study folder's participants.tsv, where a BIDS sidecar has none.
 *
 * @param image - path of the image; its "sub-…" names the participant
 * @returns null without such a table, participant, column or number
 * @see bids-specification, modality-agnostic files, participants file
 */
export async function bidsWeight(folder: string, image: string): Promise<number | null> {
  const participant = /(?:^|\/)(sub-[^/_]+)/.exec(image)?.[1];
  if (!participant) return null;
  let text: string;
  try {
    text = await readFile(path.join(folder, "participants.tsv"), "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return null;
    throw error;
  }
  const [header, ...rows] = text
    .replace(/^\uFEFF/, "")
    .split(/\r?\n/)
    .map((line) => line.split("\t").map((cell) => cell.trim()));
  const column = header.indexOf("weight");
  const row = rows.find((cells) => cells[header.indexOf("participant_id")] === participant);
  const weight = Number(row?.[column] || NaN);
  return Number.isFinite(weight) ? weight : null;
}
