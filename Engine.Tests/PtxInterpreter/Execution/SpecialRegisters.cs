using System;
using System.Collections.Generic;

namespace Engine.PtxInterpreter;


/// <summary>The values of special registers.</summary>
internal static class SpecialRegisters
{
    private static readonly Dictionary<string, Func<Launch, Dim3, int, int, long>> Values = new()
    {
        ["%tid.x"] = (launch, _, warp, lane) => launch.BlockSize.At(Thread(warp, lane)).X,
        ["%tid.y"] = (launch, _, warp, lane) => launch.BlockSize.At(Thread(warp, lane)).Y,
        ["%tid.z"] = (launch, _, warp, lane) => launch.BlockSize.At(Thread(warp, lane)).Z,
        ["%ntid.x"] = (launch, _, _, _) => launch.BlockSize.X,
        ["%ntid.y"] = (launch, _, _, _) => launch.BlockSize.Y,
        ["%ntid.z"] = (launch, _, _, _) => launch.BlockSize.Z,
        ["%ctaid.x"] = (_, block, _, _) => block.X,
        ["%ctaid.y"] = (_, block, _, _) => block.Y,
        ["%ctaid.z"] = (_, block, _, _) => block.Z,
        ["%nctaid.x"] = (launch, _, _, _) => launch.Grid.X,
        ["%nctaid.y"] = (launch, _, _, _) => launch.Grid.Y,
        ["%nctaid.z"] = (launch, _, _, _) => launch.Grid.Z,
        ["%laneid"] = (_, _, _, lane) => lane,
        ["%warpid"] = (_, _, warp, _) => warp,
        ["%nwarpid"] = (launch, _, _, _) => (launch.BlockSize.Count + Warp.Lanes - 1) / Warp.Lanes,
        ["%lanemask_eq"] = (_, _, _, lane) => 1L << lane,
        ["%lanemask_lt"] = (_, _, _, lane) => (1L << lane) - 1,
        ["%lanemask_le"] = (_, _, _, lane) => (2L << lane) - 1,
        ["%lanemask_gt"] = (_, _, _, lane) => uint.MaxValue & ~((2L << lane) - 1),
        ["%lanemask_ge"] = (_, _, _, lane) => uint.MaxValue & ~((1L << lane) - 1),
        ["%dynamic_smem_size"] = (launch, _, _, _) => launch.DynamicShared,
        ["%total_smem_size"] = (launch, _, _, _) => launch.DynamicShared + launch.Kernel.SharedBytes,
        ["%smid"] = (_, _, _, _) => 0,
        ["%nsmid"] = (_, _, _, _) => 1,
        ["%gridid"] = (_, _, _, _) => 0,
        ["%clock"] = (_, _, _, _) => 0,
        ["%clock64"] = (_, _, _, _) => 0,
        ["%globaltimer"] = (_, _, _, _) => 0,
    };

    /// <summary>Whether there is a special register of this name.</summary>
    public static bool Contains(string name) => Values.ContainsKey(name);

    /// <summary>Writes a special register's values for all lanes of a warp of a block.</summary>
    public static void Fill(string name, Launch launch, Dim3 block, int warp, Span<ulong> lanes)
    {
        Func<Launch, Dim3, int, int, long> value = Values[name];
        for (int lane = 0; lane < lanes.Length; lane++)
        {
            lanes[lane] = (ulong)value(launch, block, warp, lane);
        }
    }

    private static int Thread(int warp, int lane) => (warp * Warp.Lanes) + lane;
}
