"""Golden rows of UltraLogLog and ExaLogLog: states and estimates of the Java programs of their author.

Run: python scripts/golden/loglog.py tests/golden/sketches CLASSES   (needs java and javac; CLASSES is a folder with the
compiled classes of dynatrace-oss/hash4j and of dynatrace-research/exaloglog-paper)
"""

import subprocess
import sys
import tempfile
from pathlib import Path

PROGRAM = """
import com.dynatrace.exaloglogpaper.ExaLogLog;
import com.dynatrace.hash4j.distinctcount.MartingaleEstimator;
import com.dynatrace.hash4j.distinctcount.UltraLogLog;
import java.io.PrintStream;
import java.util.HexFormat;

public class Golden {
  static long splitmix64(long x) {
    x += 0x9e3779b97f4a7c15L;
    x = (x ^ (x >>> 30)) * 0xbf58476d1ce4e5b9L;
    x = (x ^ (x >>> 27)) * 0x94d049bb133111ebL;
    return x ^ (x >>> 31);
  }

  public static void main(String[] folder) throws Exception {
    String hex;
    try (PrintStream out = new PrintStream(folder[0] + "/ultraloglog_hash4j.csv")) {
      out.println("# hash4j at commit 41d814f: UltraLogLog of the hashes splitmix64(0), ..., splitmix64(n - 1). Estimates:");
      out.println("# relative error <= 1e-3 of the standard error for maximum_likelihood, else 1e-9.");
      out.println("# reduced: the state after downsize(precision - 2).");
      out.println("precision,items,generalized,maximum_likelihood,martingale,state,reduced");
      for (int precision : new int[] {5, 8}) {
        for (int items : new int[] {0, 1, 3, 20, 100, 1000, 10000, 1000000}) {
          UltraLogLog sketch = UltraLogLog.create(precision);
          MartingaleEstimator martingale = new MartingaleEstimator();
          for (int i = 0; i < items; ++i) sketch.add(splitmix64(i), martingale);
          out.println(precision + "," + items
              + "," + sketch.getDistinctCountEstimate(UltraLogLog.OPTIMAL_FGRA_ESTIMATOR)
              + "," + sketch.getDistinctCountEstimate(UltraLogLog.MAXIMUM_LIKELIHOOD_ESTIMATOR)
              + "," + martingale.getDistinctCountEstimate()
              + "," + HexFormat.of().formatHex(sketch.getState())
              + "," + HexFormat.of().formatHex(sketch.downsize(precision - 2).getState()));
        }
      }
    }
    try (PrintStream out = new PrintStream(folder[0] + "/exaloglog_paper.csv")) {
      out.println("# exaloglog-paper: ExaLogLog of the hashes splitmix64(0), ..., splitmix64(n - 1), with t sub_bits and d");
      out.println("# window_bits. Estimates: relative error <= 1e-3 of the standard error for maximum_likelihood, else 1e-9.");
      out.println("precision,sub_bits,window_bits,items,maximum_likelihood,martingale,state");
      int[][] kinds = {{5, 2, 20}, {4, 2, 24}, {6, 0, 2}, {6, 1, 9}, {6, 0, 0}, {3, 3, 33}, {4, 1, 4}};
      for (int[] kind : kinds) {
        for (int items : new int[] {0, 1, 5, 40, 300, 5000, 200000}) {
          ExaLogLog sketch = ExaLogLog.create(kind[1], kind[2], kind[0]);
          com.dynatrace.exaloglogpaper.MartingaleEstimator martingale =
              new com.dynatrace.exaloglogpaper.MartingaleEstimator();
          for (int i = 0; i < items; ++i) sketch.add(splitmix64(i), martingale);
          out.println(kind[0] + "," + kind[1] + "," + kind[2] + "," + items
              + "," + sketch.getDistinctCountEstimate()
              + "," + martingale.getDistinctCountEstimate()
              + "," + HexFormat.of().formatHex(sketch.getState()));
        }
      }
    }
  }
}
"""

folder, classes = sys.argv[1:]
with tempfile.TemporaryDirectory() as place:
    source = Path(place) / "Golden.java"
    source.write_text(PROGRAM)
    subprocess.run(["javac", "-cp", classes, "-d", place, source], check=True)
    subprocess.run(["java", "-cp", f"{classes}:{place}", "Golden", folder], check=True)
