using System.Runtime.Intrinsics;

namespace Engine.PtxInterpreter;


/// <summary>A function of up to three registers on four lanes at once.</summary>
internal interface IVectorFunction
{
    /// <summary>The result; bits beyond its type's width may hold anything.</summary>
    static abstract Vector256<ulong> Apply(Vector256<ulong> a, Vector256<ulong> b, Vector256<ulong> c);
}
