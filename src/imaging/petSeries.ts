import {decimal, type DicomDataSet, element, items, text, texts} from "./dicomDataSet.js";
import {type ImageBytes, readSeries, readSeriesVolume, type DicomSeries} from "./dicomSeries.js";
import {ImageError} from "./imageError.js";
import type {PetFacts} from "./petFacts.js";
import {type SuvConversion, suvConversion} from "./suv.js";
import type {Volume} from "./volume.js";

/** A PET series in SUV by body weight, and how it came to be. */
export interface PetImage {
  readonly volume: Volume;
  readonly suv: SuvConversion;
}

/**
 * Reads a DICOM PET series and converts it to SUV by body weight (g/ml).
 *
 * @param files - every file of the series, in any order
 * @param name - how messages call the series
 * @throws {ImageError} one sentence, as `readSeries` and `suvConversion` do; also when RescaleIntercept is not 0
 */
export async function readPetSeries(files: readonly ImageBytes[], name: string): Promise<PetImage> {
  const series = readSeries(files, name, "PT");
  const suv = suvConversion(petFacts(series), name);
  const factors = series.slices.map((_, k) => suv.factors[suv.factors.length === 1 ? 0 : k]);
  return {volume: await readSeriesVolume(series, factors), suv};
}

/** The facts of a PET series that SUV needs, as its headers give them; what is missing is left out. */
export function petFacts({slices, name}: DicomSeries): PetFacts {
  const shifted = slices.find(({intercept}) => intercept !== 0);
  if (shifted) {
    const mend = "a PET series must have 0: export it again.";
    throw new ImageError(shifted.file.name, `has RescaleIntercept ${shifted.intercept}; ${mend}`);
  }
  const {file} = slices[0];
  const units = text(file, "0054,1001");
  const other = slices.find((slice) => text(slice.file, "0054,1001") !== units);
  if (other) {
    const found = `${units ?? "none"} in ${file.name}, ${text(other.file, "0054,1001") ?? "none"} in ${other.file.name}`;
    throw new ImageError(name, `Units change within the series (${found}); export it again.`);
  }
  // Of several injections the standard puts the main one first.
  const [tracer] = items(file, "0054,0016");
  const found: Record<keyof PetFacts, unknown> = {
    Units: units ?? undefined,
    SUVType: text(file, "0054,1006"),
    DecayCorrection: text(file, "0054,1102"),
    PatientWeight: decimal(file, "0010,1030"),
    PatientSize: decimal(file, "0010,1020"),
    PatientSex: text(file, "0010,0040"),
    RadionuclideTotalDose: tracer && decimal(tracer, "0018,1074"),
    RadionuclideHalfLife: tracer && decimal(tracer, "0018,1075"),
    RadiopharmaceuticalStartTime: tracer && text(tracer, "0018,1072"),
    RadiopharmaceuticalStartDateTime: tracer && text(tracer, "0018,1078"),
    SeriesTime: text(file, "0008,0031"),
    SeriesDate: text(file, "0008,0021"),
    AcquisitionTime: text(file, "0008,0032"),
    AcquisitionDate: text(file, "0008,0022"),
    ActualFrameDuration: decimal(file, "0018,1242"),
    FrameReferenceTime: decimal(file, "0054,1300"),
    GEScanDateTime: text(file, privateTag(file, "0009", /^GEMS_PETD/, "0D")),
    PhilipsSUVScaleFactor: decimal(file, privateTag(file, "7053", /^Philips PET/i, "00")),
    PhilipsActivityConcentrationScaleFactor: decimal(file, privateTag(file, "7053", /^Philips PET/i, "09")),
    CorrectedImage: texts(file, "0028,0051"),
    Slices: slices.map((slice) =>
      present({
        AcquisitionDate: text(slice.file, "0008,0022"),
        AcquisitionTime: text(slice.file, "0008,0032"),
        ActualFrameDuration: decimal(slice.file, "0018,1242"),
        FrameReferenceTime: decimal(slice.file, "0054,1300")
      })
    )
  };
  return present(found) as unknown as PetFacts;
}

function present(facts: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(facts).filter(([, value]) => value != null));
}

/** A private element of a maker: its block is wherever the maker's name stands in (gggg,0010–00FF), else block 10. */
function privateTag(file: DicomDataSet, group: string, maker: RegExp, low: string): string {
  for (let block = 0x10; block <= 0xff; block++) {
    const hex = block.toString(16).toUpperCase();
    const creator = `${group},00${hex}`;
    if (element(file, creator) && maker.test(text(file, creator) ?? "")) return `${group},${hex}${low}`;
  }
  return `${group},10${low}`;
}
