using Engine.PtxInterpreter;

namespace Engine.Tests;


/// <summary>What came of running a sample.</summary>
/// <param name="Error">The largest difference from the same computed in double.</param>
/// <param name="Report">Findings and counters.</param>
internal sealed record PtxSampleRun(double Error, LaunchReport Report);
