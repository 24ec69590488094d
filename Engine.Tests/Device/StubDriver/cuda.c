/* NVIDIA's driver without a GPU: the functions that ILGPU and CudaDriver call, memory on the host, kernels that do nothing. Checks what it
   is given (a current context, arguments that can be read, nodes in a row) and prints counts to standard error when the process ends. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef void *ptr;
#define API __attribute__((visibility("default")))
#define COUNT(counter) __sync_add_and_fetch(&counter, 1)

typedef struct {
    ptr function;
    unsigned grid_x, grid_y, grid_z, group_x, group_y, group_z, shared;
    ptr *parameters, *extra;
} kernel_node;

static long launches, nodes, sets, replays, graphs, freed, loads, unloads, allowed, wrong;
static __thread ptr context;
static ptr last_graph, last_node;

__attribute__((destructor)) static void report(void) {
    fprintf(stderr, "stub: launches=%ld nodes=%ld sets=%ld replays=%ld graphs=%ld freed=%ld loads=%ld unloads=%ld allowed=%ld wrong=%ld\n",
        launches, nodes, sets, replays, graphs, freed, loads, unloads, allowed, wrong);
}

static void require(int condition) {
    if (!condition) COUNT(wrong);
}

/* A function is the address of the size of its one parameter. */
static void require_launch(ptr function, unsigned x, unsigned y, unsigned z, unsigned group, unsigned shared, ptr *parameters, ptr *extra) {
    static volatile unsigned sum;
    require(context && function && x && y && z && group && shared <= 232448 && parameters && !extra);
    for (long i = 0; i < *(long *)function; i++) sum += ((unsigned char *)parameters[0])[i];
}

API int cuInit(unsigned flags) { return 0; }
API int cuDriverGetVersion(int *version) { *version = 12040; return 0; }
API int cuGetErrorString(int code, const char **text) { *text = "stub"; return 0; }
API int cuGetErrorName(int code, const char **text) { *text = "CUDA_ERROR_STUB"; return 0; }
API int cuDeviceGet(int *device, int ordinal) { *device = ordinal; return 0; }
API int cuDeviceGetCount(int *count) { *count = 1; return 0; }
API int cuDeviceGetName(char *name, int length, int device) { strncpy(name, "Stub GPU", length); return 0; }
API int cuDeviceTotalMem_v2(size_t *bytes, int device) { *bytes = 1L << 32; return 0; }
API int cuDeviceCanAccessPeer(int *can, int device, int peer) { *can = 0; return 0; }
API int cuDeviceGetAttribute(int *value, int attribute, int device) {
    static const int values[][2] = {
        {1, 1024}, {2, 1024}, {3, 1024}, {4, 64}, {5, 2147483647}, {6, 65535}, {7, 65535}, {8, 49152}, {10, 32}, {12, 65536}, {16, 132},
        {39, 2048}, {75, 9}, {76, 0}, {81, 233472}, {97, 232448},
    };
    *value = 1;
    for (unsigned i = 0; i < sizeof values / sizeof *values; i++) if (values[i][0] == attribute) *value = values[i][1];
    return 0;
}

API int cuCtxCreate_v2(ptr *created, unsigned flags, int device) { *created = context = malloc(8); return 0; }
API int cuCtxDestroy_v2(ptr destroyed) { return 0; }
API int cuCtxSetCurrent(ptr current) { context = current; return 0; }
API int cuCtxSynchronize(void) { return 0; }
API int cuCtxGetCacheConfig(int *config) { *config = 0; return 0; }
API int cuCtxSetCacheConfig(int config) { return 0; }
API int cuCtxGetSharedMemConfig(int *config) { *config = 0; return 0; }
API int cuCtxSetSharedMemConfig(int config) { return 0; }
API int cuMemGetInfo_v2(size_t *available, size_t *total) { *available = *total = 1L << 32; return 0; }
API int cuMemAlloc_v2(ptr *memory, size_t bytes) { require(context != 0); return (*memory = calloc(1, bytes)) ? 0 : 2; }
API int cuMemFree_v2(ptr memory) { free(memory); return 0; }
API int cuMemAllocHost_v2(ptr *memory, size_t bytes) { return (*memory = calloc(1, bytes)) ? 0 : 2; }
API int cuMemFreeHost(ptr memory) { free(memory); return 0; }
API int cuMemcpyAsync(ptr target, ptr source, size_t bytes, ptr stream) { memcpy(target, source, bytes); return 0; }
API int cuMemsetD8Async(ptr target, unsigned char value, size_t bytes, ptr stream) { memset(target, value, bytes); return 0; }
API int cuMemsetD8_v2(ptr target, unsigned char value, size_t bytes) { memset(target, value, bytes); return 0; }
API int cuMemHostRegister_v2(ptr memory, size_t bytes, unsigned flags) { return 0; }
API int cuMemHostUnregister(ptr memory) { return 0; }
API int cuMemHostGetDevicePointer_v2(ptr *device, ptr host, unsigned flags) { *device = host; return 0; }
API int cuStreamCreate(ptr *stream, unsigned flags) { *stream = malloc(8); return 0; }
API int cuStreamCreateWithPriority(ptr *stream, unsigned flags, int priority) { *stream = malloc(8); return 0; }
API int cuStreamDestroy_v2(ptr stream) { free(stream); return 0; }
API int cuStreamSynchronize(ptr stream) { require(context != 0); return 0; }

API int cuModuleLoadDataEx(ptr *module, const char *text, unsigned count, ptr options, ptr values) {
    const char *parameter = strstr(text, ".param .align");
    require(context && parameter);
    *module = malloc(sizeof(long));
    *(long *)*module = parameter ? atol(strchr(parameter, '[') + 1) : 0;
    COUNT(loads);
    return 0;
}
API int cuModuleUnload(ptr module) { free(module); COUNT(unloads); return 0; }
API int cuModuleGetFunction(ptr *function, ptr module, const char *name) { *function = module; return 0; }
API int cuFuncGetAttribute(int *value, int attribute, ptr function) { *value = attribute == 1 ? 1024 : 32; return 0; }
API int cuFuncSetAttribute(ptr function, int attribute, int value) {
    require(attribute == 8 && value > 48 * 1024 - 1024 && value <= 232448);
    COUNT(allowed);
    return 0;
}
API int cuOccupancyMaxActiveBlocksPerMultiprocessor(int *count, ptr function, int group, size_t shared) { *count = 2; return 0; }
API int cuLaunchKernel(ptr function, unsigned x, unsigned y, unsigned z, unsigned group_x, unsigned group_y, unsigned group_z,
    unsigned shared, ptr stream, ptr *parameters, ptr *extra) {
    require(group_y == 1 && group_z == 1 && stream);
    require_launch(function, x, y, z, group_x, shared, parameters, extra);
    COUNT(launches);
    return 0;
}

static void require_node(const kernel_node *node) {
    require(node->group_y == 1 && node->group_z == 1);
    require_launch(node->function, node->grid_x, node->grid_y, node->grid_z, node->group_x, node->shared, node->parameters, node->extra);
}
API int cuGraphCreate(ptr *graph, unsigned flags) { *graph = malloc(8); COUNT(graphs); return 0; }
API int cuGraphAddKernelNode(ptr *added, ptr graph, const ptr *dependencies, size_t count, const kernel_node *node) {
    require(graph == last_graph ? count == 1 && dependencies[0] == last_node : count == 0);
    require_node(node);
    last_graph = graph;
    *added = last_node = (ptr)COUNT(nodes);
    return 0;
}
API int cuGraphExecKernelNodeSetParams(ptr executable, ptr node, const kernel_node *parameters) {
    require(executable && (long)node > 0 && (long)node <= nodes);
    require_node(parameters);
    COUNT(sets);
    return 0;
}
API int cuGraphLaunch(ptr executable, ptr stream) { require(context && executable && stream); COUNT(replays); return 0; }
API int cuGraphExecDestroy(ptr executable) { free(executable); COUNT(freed); return 0; }
API int cuGraphDestroy(ptr graph) { last_graph = 0; free(graph); return 0; }
#ifdef INSTANTIATE
API int cuGraphInstantiateWithFlags(ptr *executable, ptr graph, unsigned long long flags) {
    *executable = malloc(8);
    return INSTANTIATE;
}
#endif
